import ExternalCommand

/// A lab's own certificate authority, which its machines' HTTPS boot trusts. It is made when it is
/// first needed and kept with the variable stores, for those that persist trust it.
package struct CertificateAuthority: Codable, Sendable, Hashable {
  /// The folder of its files.
  package var folder: String
  /// The lab's name.
  package var lab: String

  /// The authority of a lab.
  package init(folder: String, lab: String) {
    self.folder = folder
    self.lab = lab
  }

  /// The certificate in PEM.
  package var certificate: String { "\(folder)/ca.crt" }
  /// The certificate in DER, as firmware keeps it.
  package var certificateDER: String { "\(folder)/ca.der" }
  /// The private key.
  package var key: String { "\(folder)/ca.key" }

  /// What the certificate says.
  package var request: CertificateRequest {
    CertificateRequest(
      path: "\(folder)/ca.cnf", name: lab,
      extensions: ["basicConstraints = critical, CA:TRUE", "keyUsage = critical, keyCertSign"])
  }

  /// What makes key and certificate, once the request's file is there.
  package var commands: [Command] {
    [
      Command("openssl", request.arguments(key: key, certificate: certificate)),
      Command(
        "openssl",
        ["x509", "-in", certificate, "-outform", "DER", "-out", certificateDER]),
    ]
  }
}

/// What openssl-req(1) is told of a certificate, in the form of its configuration file: nothing comes
/// from the machine's own openssl.cnf.
package struct CertificateRequest: Sendable, Hashable {
  /// The file that it is to be in.
  package var path: String
  /// The subject's common name, at most 64 characters (RFC 5280, appendix A.1).
  package var name: String
  /// The extensions, each as x509v3_config(5) has it.
  package var extensions: [String]

  /// The configuration file.
  package var text: String {
    let lines =
      [
        "[req]", "prompt = no", "distinguished_name = subject", "x509_extensions = extensions",
        "string_mask = utf8only", "", "[subject]", "O = pxelab", "CN = \(name)", "", "[extensions]",
        "subjectKeyIdentifier = hash", "authorityKeyIdentifier = keyid",
      ] + extensions
    return lines.map { $0 + "\n" }.joined()
  }

  /// The arguments of openssl that make a key, RSA because firmware knows no other for sure, and a
  /// certificate for ten years.
  func arguments(key: String, certificate: String) -> [String] {
    [
      "req", "-config", path, "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "3650",
      "-keyout", key, "-out", certificate,
    ]
  }
}

/// A server's certificate, signed by its lab's authority for the server's addresses.
package struct ServerCertificate: Codable, Sendable, Hashable {
  /// Who signs it.
  package var authority: CertificateAuthority
  /// The folder of its files.
  package var folder: String
  /// The server's addresses, as text.
  package var addresses: [String]

  /// The certificate in PEM.
  package var certificate: String { "\(folder)/server.crt" }
  /// The private key.
  package var key: String { "\(folder)/server.key" }

  /// What the certificate says.
  package var request: CertificateRequest {
    CertificateRequest(
      path: "\(folder)/server.cnf", name: addresses.first ?? "",
      extensions: [
        "basicConstraints = critical, CA:FALSE",
        "keyUsage = critical, digitalSignature, keyEncipherment",
        "extendedKeyUsage = serverAuth",
        // Firmware compares the host of the URL, which is an address, with these.
        "subjectAltName = " + addresses.map { "IP:\($0)" }.joined(separator: ", "),
      ])
  }

  /// What makes key and certificate, once the request's file and the authority are there.
  package var commands: [Command] {
    [
      Command(
        "openssl",
        request.arguments(key: key, certificate: certificate)
          + ["-CA", authority.certificate, "-CAkey", authority.key])
    ]
  }
}
