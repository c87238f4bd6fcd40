import FoundationEssentials
import Objects

/// A certificate as a Secret of type kubernetes.io/tls keeps it.
package struct KeptCertificate: Sendable {
  /// The certificate and its key.
  package let issued: IssuedCertificate

  /// The Secret of the authority that signs KubeVirt's certificates.
  package static let authority = "kubevirt-ca"
  /// The Secret of virt-api, which a lab's API is too.
  package static let api = "kubevirt-virt-api-certs"

  /// The certificate of a Secret; `nil` where it has none.
  package init?(_ secret: ObjectNode) {
    func text(_ name: String) -> String? {
      secret["data", name]?.string.flatMap { Data(base64Encoded: $0) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
    guard let certificate = text("tls.crt"), let key = text("tls.key") else { return nil }
    issued = IssuedCertificate(certificate: certificate, key: key)
  }

  /// `data` of a Secret.
  package static func data(_ issued: IssuedCertificate) -> ObjectNode {
    [
      "tls.crt": .text(Data(issued.certificate.utf8).base64EncodedString()),
      "tls.key": .text(Data(issued.key.utf8).base64EncodedString()),
    ]
  }
}
