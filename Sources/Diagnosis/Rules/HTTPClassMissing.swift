import PXEWire

/// An HTTP boot client ignores an OFFER because it does not say `HTTPClient`.
struct HTTPClassMissing: DiagnosisRule {
  let id = "PXL021"
  let stage = FaultStage.lease
  let isLaterAttempt = true
  let consequences: Consequences = ["PXL004", "PXL024"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let ignored = trace.exchanges.filter { exchange in
      guard exchange.agent == .httpFirmware else { return false }
      let replies = exchange.heardOffers + exchange.acks
      return replies.contains { $0.bootFile != nil }
        && !replies.contains { $0.vendorClass?.hasPrefix("HTTPClient") == true }
    }
    guard let exchange = ignored.last,
      let reply = (exchange.heardOffers + exchange.acks).last(where: { $0.bootFile != nil }),
      // A server may give HTTP clients the PXE clients' file without meaning to serve them.
      reply.bootFile?.isURL == true || !trace.exchanges.contains(where: { $0.agent == .firmware }),
      !evidence.overcame(.request, after: reply.time)
    else { return [] }
    return [
      Finding(
        id, mac: trace.mac,
        title: "\(trace.mac) boots by HTTP and ignores the OFFER of \(reply.server): "
          + "its vendor class (option 60) is not HTTPClient\(Self.words(of: reply)).",
        evidence: exchange.heardOffers.map { $0.item("OFFER") } + [
          EvidenceItem(
            "\(exchange.discovers) DISCOVER with vendor class \(exchange.vendorClass ?? "none")",
            exchange.packets(of: "DISCOVER"))
        ] + evidence.firmwareMessages,
        fix: "Answer clients of vendor class HTTPClient with option 60 \"HTTPClient\" and a URL as "
          + "boot file (dnsmasq: dhcp-option-force=tag:http,60,HTTPClient; ISC: option "
          + "vendor-class-identifier \"HTTPClient\").")
    ]
  }

  /// The other fault, of a boot file that is no URL.
  private static func words(of reply: DHCPExchange.Reply) -> String {
    guard let file = reply.bootFile, !file.isURL else { return "" }
    return ", and its boot file \(file) is no URL"
  }
}

extension String {
  /// Whether it names a file by HTTP.
  var isURL: Bool {
    let start = prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }
}
