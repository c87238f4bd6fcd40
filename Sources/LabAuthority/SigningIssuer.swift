import Crypto
import FoundationEssentials
import Reconciliation
import X509

/// Makes certificates by ``SigningAuthority``, and reads what others have made.
package struct SigningIssuer: CertificateIssuer {
  /// An issuer.
  package init() {}

  /// A new authority.
  ///
  /// - Throws: what the certificate's encoding says.
  package func makeAuthority(_ name: String, _ validity: Validity) throws -> IssuedCertificate {
    try SigningAuthority(name: name, from: validity.begin.date, until: validity.end.date).kept()
  }

  /// A new key and its certificate.
  ///
  /// - Throws: what is wrong with the authority, or what the certificate's encoding says.
  package func sign(
    _ subject: CertificateSubject, _ validity: Validity, by authority: IssuedCertificate
  ) throws -> IssuedCertificate {
    try SigningAuthority(authority).sign(
      server: subject.name, names: subject.names, addresses: subject.addresses,
      from: validity.begin.date, until: validity.end.date)
  }

  /// When a certificate is good; `nil` for a text that is none.
  package func validity(of certificate: String) -> Validity? {
    guard let read = try? Certificate(pemEncoded: certificate) else { return nil }
    return Validity(
      begin: Timestamp(read.notValidBefore), end: Timestamp(read.notValidAfter))
  }

  /// Whether a certificate is of a key.
  package func belongs(_ issued: IssuedCertificate) -> Bool {
    guard let certificate = try? Certificate(pemEncoded: issued.certificate),
      let key = try? P256.Signing.PrivateKey(pemRepresentation: issued.key)
    else { return false }
    return certificate.publicKey == Certificate.PublicKey(key.publicKey)
  }

  /// Whether a certificate is an authority's, by its basic constraints.
  package func isAuthority(_ certificate: String) -> Bool {
    guard let read = try? Certificate(pemEncoded: certificate),
      case .isCertificateAuthority? = try? read.extensions.basicConstraints
    else { return false }
    return true
  }

  /// Whether an authority has signed a certificate.
  package func isSigned(_ certificate: String, by authority: String) -> Bool {
    guard let signed = try? Certificate(pemEncoded: certificate),
      let signer = try? Certificate(pemEncoded: authority)
    else { return false }
    return signed.issuer == signer.subject
      && signer.publicKey.isValidSignature(signed.signature, for: signed)
  }
}

extension Timestamp {
  fileprivate init(_ date: Date) {
    self.init(seconds: Int(date.timeIntervalSince1970.rounded(.down)))
  }

  fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
