import Crypto
import FoundationEssentials
import Reconciliation
import SwiftASN1
import X509

/// An authority that signs the certificates of a lab's servers (RFC 5280), by elliptic curves of 256
/// bits.
package struct SigningAuthority: Sendable {
  private let key: P256.Signing.PrivateKey
  private let certificate: Certificate

  /// A new authority.
  ///
  /// - Parameter endorses: whether it signs other authorities too.
  /// - Throws: what the certificate's encoding says.
  package init(name: String, from begin: Date, until end: Date, endorses: Bool = false) throws {
    let key = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName(name) }
    let publicKey = Certificate.PublicKey(key.publicKey)
    certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
      notValidBefore: begin, notValidAfter: end, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: endorses ? 1 : 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: publicKey)
      },
      issuerPrivateKey: Certificate.PrivateKey(key))
    self.key = key
  }

  /// An authority that was made before.
  ///
  /// - Throws: what is wrong with the texts.
  package init(_ kept: IssuedCertificate) throws {
    key = try P256.Signing.PrivateKey(pemRepresentation: kept.key)
    certificate = try Certificate(pemEncoded: kept.certificate)
  }

  /// Its certificate and its key.
  ///
  /// - Throws: what the certificate's encoding says.
  package func kept() throws -> IssuedCertificate {
    IssuedCertificate(
      certificate: try certificate.serializeAsPEM().pemString, key: key.pemRepresentation)
  }

  /// The certificate of another authority, signed by this one: who trusts this one trusts what the other
  /// signs.
  ///
  /// - Parameter certificate: the other's own, in PEM.
  /// - Throws: what is wrong with the text, or what the certificate's encoding says.
  package func endorse(_ certificate: String) throws -> String {
    let other = try Certificate(pemEncoded: certificate)
    let endorsed = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: other.publicKey,
      notValidBefore: other.notValidBefore, notValidAfter: other.notValidAfter,
      issuer: self.certificate.subject, subject: other.subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: other.publicKey)
        AuthorityKeyIdentifier(
          keyIdentifier: SubjectKeyIdentifier(hash: self.certificate.publicKey).keyIdentifier)
      },
      issuerPrivateKey: Certificate.PrivateKey(key))
    return try endorsed.serializeAsPEM().pemString
  }

  /// A new key of a server, and the certificate for it.
  ///
  /// - Parameter addresses: those of the server, 4 or 16 bytes each.
  /// - Throws: what the certificate's encoding says.
  package func sign(
    server name: String, names: [String], addresses: [[UInt8]], from begin: Date, until end: Date
  ) throws -> IssuedCertificate {
    let serverKey = P256.Signing.PrivateKey()
    let publicKey = Certificate.PublicKey(serverKey.publicKey)
    let alternatives =
      names.map { GeneralName.dnsName($0) }
      + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
    let signed = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
      notValidBefore: begin, notValidAfter: end, issuer: certificate.subject,
      subject: try DistinguishedName { CommonName(name) }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(alternatives)
        AuthorityKeyIdentifier(
          keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
      },
      issuerPrivateKey: Certificate.PrivateKey(key))
    return IssuedCertificate(
      certificate: try signed.serializeAsPEM().pemString, key: serverKey.pemRepresentation)
  }
}
