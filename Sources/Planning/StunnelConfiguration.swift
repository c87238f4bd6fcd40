/// The configuration file of stunnel, which ends TLS before the HTTP server (stunnel(8)).
struct StunnelConfiguration {
  let server: ServerPlan
  let certificate: ServerCertificate

  /// The log names the two ends of each connection, the client's and the one that the HTTP server
  /// sees: level info.
  var text: String {
    let lines =
      [
        "; HTTPS of \(server.attachment).",
        "foreground = yes",
        "pid =",
        "syslog = no",
        "debug = info",
        "setuid = nobody",
        // The group is nogroup or nobody, as the distribution has it.
        "setgid = 65534",
        "cert = \(certificate.certificate)",
        "key = \(certificate.key)",
        "; Firmware closes a connection without the alert that TLS has for it.",
        "TIMEOUTclose = 0",
      ]
      + server.addresses.enumerated().flatMap { index, address in
        ["", "[https\(index)]", "accept = \(address):443", "connect = \(address):80"]
      }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension ServerPlan {
  /// The configuration of stunnel; `nil` where the server boots nobody by HTTPS, or is the user's.
  package var stunnelConfiguration: String? {
    guard command == nil, let certificate else { return nil }
    return StunnelConfiguration(server: self, certificate: certificate).text
  }
}
