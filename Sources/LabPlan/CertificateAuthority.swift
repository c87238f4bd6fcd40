import ExternalCommand

/// A lab's own certificate authority, which its machines' HTTPS boot trusts. It is made when it is
/// first needed and kept with the variable stores, for those that persist trust it.
public struct CertificateAuthority: Codable, Sendable, Hashable {
  /// The folder of its files.
  public var folder: String
  /// The lab's name.
  public var lab: String

  /// The authority of a lab.
  public init(folder: String, lab: String) {
    self.folder = folder
    self.lab = lab
  }

  /// The certificate in PEM.
  public var certificate: String { "\(folder)/ca.crt" }
  /// The certificate in DER, as firmware keeps it.
  public var certificateDER: String { "\(folder)/ca.der" }
  /// The private key.
  public var key: String { "\(folder)/ca.key" }

  /// What the certificate says.
  public var request: CertificateRequest {
    CertificateRequest(
      path: "\(folder)/ca.cnf", name: lab,
      extensions: ["basicConstraints = critical, CA:TRUE", "keyUsage = critical, keyCertSign"])
  }

  /// What makes key and certificate, once the request's file is there.
  public var commands: [Command] {
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
public struct CertificateRequest: Sendable, Hashable {
  /// The file that it is to be in.
  public var path: String
  /// The subject's common name, at most 64 characters (RFC 5280, appendix A.1).
  public var name: String
  /// The extensions, each as x509v3_config(5) has it.
  public var extensions: [String]

  /// The configuration file.
  public var text: String {
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
public struct ServerCertificate: Codable, Sendable, Hashable {
  /// Who signs it.
  public var authority: CertificateAuthority
  /// The folder of its files.
  public var folder: String
  /// The server's addresses, as text.
  public var addresses: [String]

  /// The certificate in PEM.
  public var certificate: String { "\(folder)/server.crt" }
  /// The private key.
  public var key: String { "\(folder)/server.key" }

  /// What the certificate says.
  public var request: CertificateRequest {
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
  public var commands: [Command] {
    [
      Command(
        "openssl",
        request.arguments(key: key, certificate: certificate)
          + ["-CA", authority.certificate, "-CAkey", authority.key])
    ]
  }
}
