import Objects

/// A certificate and its key, both in PEM.
package struct IssuedCertificate: Hashable, Sendable {
  /// The certificate.
  package var certificate: String
  /// The private key: a secret.
  package var key: String

  /// A certificate and its key.
  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

/// Whom a certificate is for.
package struct CertificateSubject: Hashable, Sendable {
  /// The common name.
  package var name: String
  /// The names by which clients ask for a server.
  package var names: [String]
  /// The server's addresses, 4 or 16 bytes each.
  package var addresses: [[UInt8]]

  /// A subject.
  package init(name: String, names: [String] = [], addresses: [[UInt8]] = []) {
    self.name = name
    self.names = names
    self.addresses = addresses
  }
}

/// Makes and reads certificates: what of their rotation is no function of a clock.
package protocol CertificateIssuer: Sendable {
  /// A new authority.
  func makeAuthority(_ name: String, _ validity: Validity) throws -> IssuedCertificate

  /// A new key and its certificate, signed by an authority.
  func sign(
    _ subject: CertificateSubject, _ validity: Validity, by authority: IssuedCertificate
  ) throws -> IssuedCertificate

  /// When a certificate is good; `nil` for a text that is none.
  func validity(of certificate: String) -> Validity?

  /// Whether a certificate is of a key.
  func belongs(_ issued: IssuedCertificate) -> Bool

  /// Whether a certificate is an authority's: it may sign others (RFC 5280, section 4.2.1.9).
  func isAuthority(_ certificate: String) -> Bool

  /// Whether an authority has signed a certificate.
  func isSigned(_ certificate: String, by authority: String) -> Bool
}
