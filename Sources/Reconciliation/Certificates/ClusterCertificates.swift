import KubeVirt
import Objects

/// The certificates of KubeVirt, as virt-operator calls them (kubevirt,
/// pkg/virt-operator/resource/generate/components/secrets.go).
package enum ClusterCertificates {
  /// An authority: its Secret, and the ConfigMap with those that are trusted.
  struct Authority {
    var name: String
    var subject: String
    /// Whether it is renewed by the terms of servers, as the one of exports is.
    var isRenewedAsServers = false

    /// The terms by which it is renewed.
    func term(_ terms: CertificateTerms) -> CertificateTerms.Term {
      CertificateTerms.Term(
        duration: terms.ca.duration,
        renewBefore: isRenewedAsServers ? terms.server.renewBefore : terms.ca.renewBefore)
    }
  }

  /// The one that signs, first.
  static let authorities = [
    Authority(name: KeptCertificate.authority, subject: "kubevirt.io"),
    Authority(
      name: "kubevirt-export-ca", subject: "export.kubevirt.io", isRenewedAsServers: true),
  ]

  /// The terms of the authority whose Secret and ConfigMap are called so; `nil` where there is none.
  package static func term(
    of name: String, _ terms: CertificateTerms
  ) -> CertificateTerms.Term? {
    authorities.first { $0.name == name }?.term(terms)
  }

  /// Whether a Secret is called as that of a certificate which an authority signs.
  package static func isLeaf(_ name: String) -> Bool {
    leaves(in: "").contains { $0.secret == name }
  }

  /// The certificates that the first authority signs, by the names of their Secrets.
  static func leaves(in namespace: String) -> [(secret: String, subject: CertificateSubject)] {
    func server(_ name: String, _ more: [String] = []) -> CertificateSubject {
      let pod = "\(name).\(namespace).pod.cluster.local"
      return CertificateSubject(
        name: pod,
        names: [pod, name, "\(name).\(namespace)", "\(name).\(namespace).svc"] + more)
    }
    var api = server("virt-api", ["localhost", "kubernetes", "kubernetes.default"])
    api.addresses = [[127, 0, 0, 1]]
    return [
      (KeptCertificate.api, api), ("kubevirt-controller-certs", server("virt-controller")),
      ("kubevirt-operator-certs", server("kubevirt-operator-webhook")),
      (
        "kubevirt-virt-handler-certs",
        CertificateSubject(name: "kubevirt.io:system:client:virt-handler")
      ),
      (
        "kubevirt-virt-handler-server-certs",
        CertificateSubject(
          name: "kubevirt.io:system:node:virt-handler",
          names: ["kubevirt.io:system:node:virt-handler"])
      ),
      ("kubevirt-exportproxy-certs", server("virt-exportproxy")),
    ]
  }

  /// The annotation with the duration that a certificate was made with.
  static let duration = "kubevirt.io/duration"
  /// The annotation with the time scale that it was made with; none for true time.
  static let timeScale = "pxelab.dev/time-scale"
  /// The key of a ConfigMap with the authorities.
  package static let bundle = "ca-bundle"
}
