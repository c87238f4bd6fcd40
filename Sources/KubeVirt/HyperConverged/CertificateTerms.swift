import Objects

/// How long certificates are good, and how long before their end new ones are made
/// (hyperconverged-cluster-operator, api/v1beta1, HyperConvergedCertConfig; kubevirt, api/core/v1,
/// KubeVirtSelfSignConfiguration).
package struct CertificateTerms: Hashable, Sendable {
  /// The terms of one kind of certificate.
  package struct Term: Hashable, Sendable {
    /// How long a certificate is good.
    package var duration: GoDuration
    /// How long before its end it is renewed.
    package var renewBefore: GoDuration

    /// Terms.
    package init(duration: GoDuration, renewBefore: GoDuration) {
      self.duration = duration
      self.renewBefore = renewBefore
    }

    /// Those of KubeVirt, which renews with a fifth of the time left where nothing else is said
    /// (virt-operator, resource/apply/certificates.go).
    init(_ written: ObjectNode?, hours: Int) throws(CertificateTerms.NoDuration) {
      let duration = try CertificateTerms.duration(written, "duration")
      self.duration = duration ?? GoDuration(seconds: hours * 3600)
      renewBefore =
        try CertificateTerms.duration(written, "renewBefore")
        ?? GoDuration(nanoseconds: self.duration.nanoseconds / 5)
    }
  }

  /// Of the authority.
  package var ca: Term
  /// Of the certificates that it signs.
  package var server: Term

  /// Terms.
  package init(ca: Term, server: Term) {
    self.ca = ca
    self.server = server
  }

  /// A value that is no duration.
  package struct NoDuration: Error, Equatable {
    /// The value as it is written.
    package var text: String
  }

  /// Those that a HyperConverged's `spec.certConfig` says, with the CRD's defaults filled in.
  ///
  /// - Throws: ``NoDuration``.
  init(certConfig: ObjectNode?) throws(NoDuration) {
    let (ca, server) = (certConfig?["ca"], certConfig?["server"])
    self.init(
      ca: Term(
        duration: try Self.duration(ca, "duration") ?? GoDuration(seconds: 48 * 3600),
        renewBefore: try Self.duration(ca, "renewBefore") ?? GoDuration(seconds: 24 * 3600)),
      server: Term(
        duration: try Self.duration(server, "duration") ?? GoDuration(seconds: 24 * 3600),
        renewBefore: try Self.duration(server, "renewBefore") ?? GoDuration(seconds: 12 * 3600)))
  }

  /// Those that a KubeVirt's `spec.certificateRotateStrategy` says: 7 days of the authority and 1 day of
  /// what it signs, where it says nothing.
  ///
  /// - Throws: ``NoDuration``.
  package init(kubeVirt: ObjectNode) throws(NoDuration) {
    let strategy = kubeVirt["spec", "certificateRotateStrategy", "selfSigned"]
    ca = try Term(strategy?["ca"], hours: 7 * 24)
    server = try Term(strategy?["server"], hours: 24)
  }

  private static func duration(
    _ term: ObjectNode?, _ name: String
  ) throws(NoDuration) -> GoDuration? {
    guard let node = term?[name], !node.isNull else { return nil }
    guard let text = node.string, let duration = GoDuration(text) else {
      throw NoDuration(text: node.scalar?.text ?? node.jsonKind)
    }
    return duration
  }

  /// The shortest time that any of the four may be.
  private static let least = GoDuration(seconds: 600)

  /// What the HyperConverged's webhook has against them, the first of its checks that fails; `nil` for
  /// nothing (hyperconverged-cluster-operator, pkg/webhooks/validator). Of several values that are too
  /// small a cluster names any; here the first in the order of the documentation.
  package var objection: String? {
    let values = [
      ("ca.duration", ca.duration), ("ca.renewBefore", ca.renewBefore),
      ("server.duration", server.duration), ("server.renewBefore", server.renewBefore),
    ]
    if let small = values.first(where: { $0.1 < Self.least }) {
      return "spec.certConfig.\(small.0): value is too small"
    }
    if ca.duration < ca.renewBefore {
      return "spec.certConfig.ca: duration is smaller than renewBefore"
    }
    if server.duration < server.renewBefore {
      return "spec.certConfig.server: duration is smaller than renewBefore"
    }
    return ca.duration < server.duration
      ? "spec.certConfig: ca.duration is smaller than server.duration" : nil
  }

  /// What KubeVirt's webhook has against them: all of it, with the field of each (kubevirt,
  /// pkg/virt-operator/webhooks/kubevirt-update-admitter.go).
  package var objectionsOfKubeVirt: [(field: String, message: String)] {
    let path = "spec.certificateRotationStrategy.selfSigned"
    var objections: [(field: String, message: String)] = []
    if ca.duration < ca.renewBefore {
      objections.append(
        (
          path,
          "CA RenewBefore cannot exceed Duration (\(path).ca.duration < \(path).ca.renewBefore)"
        ))
    }
    if server.duration < server.renewBefore {
      objections.append(
        (
          path,
          "Cert RenewBefore cannot exceed Duration (\(path).server.duration < "
            + "\(path).server.renewBefore)"
        ))
    }
    if server.duration > ca.duration {
      objections.append(
        (
          path,
          "Certificate duration cannot exceed CA (\(path).server.duration > \(path).ca.duration)"
        ))
    }
    return objections
  }

  /// `spec.certificateRotateStrategy` of the KubeVirt that an operator writes of them.
  package var rotateStrategy: ObjectNode {
    func tree(_ term: Term) -> ObjectNode {
      ["duration": .text("\(term.duration)"), "renewBefore": .text("\(term.renewBefore)")]
    }
    return ["selfSigned": ["ca": tree(ca), "server": tree(server)]]
  }
}
