import Objects

/// A difference between a lab's API and a real one that stays, and why.
struct KnownDifference {
  /// What the request's path has in it; empty for all.
  let path: String
  /// What the difference has in it; empty for all.
  let difference: String
  let reason: String

  init(_ path: String, _ difference: String, _ reason: String) {
    self.path = path
    self.difference = difference
    self.reason = reason
  }

  static let all: [KnownDifference] =
    unserved.map {
      KnownDifference(
        $0, "", "a lab has nothing of these kinds, and says so instead of keeping them")
    } + [
      KnownDifference(
        "", "not served",
        "kinds of which a lab has nothing; what is done with pods, and bindings, the target Subresources serves"
      ),
      KnownDifference(
        "/hco.kubevirt.io", "hco.kubevirt.io",
        "a lab serves HyperConverged in v1 beside v1beta1, as newer releases do"),
      KnownDifference("/apis", "discovery hco.kubevirt.io versions", "the same"),
      KnownDifference(
        "openshift.io", "",
        "what is not served is 404 with a Status, so that clients have a sentence"),
      KnownDifference(".well-known", "", "the same"),
      KnownDifference(
        "/virtualmachine", "spec.domain.machine.type",
        "KubeVirt's webhooks, which the recorded server had not, fill it in"),
      KnownDifference(
        "/virtualmachine", "spec.template.spec.domain.machine", "the same"),
      KnownDifference(
        "/hyperconvergeds", "evictionStrategy",
        "HCO's webhook, which the recorded server had not, fills it in by the number of nodes"),
      KnownDifference(
        "/hyperconvergeds", "VMPersistentState",
        "a cluster drops the gate that its documentation has people set; a lab does what it says"),
      KnownDifference(
        "/hyperconvergeds", "metadata.generation", "a gate that is kept is a change"),
      KnownDifference("/hyperconvergeds", "kubectl-patch Update", "and has somebody who set it"),
      KnownDifference(
        "/hyperconvergeds", "highBurst profile is deprecated",
        "said since HCO 1.17, and a lab goes by the release of the documentation"),
      KnownDifference(
        "/virtualmachines", "422",
        "KubeVirt's webhooks, which the recorded server had not, refuse the machine"),
      KnownDifference(
        "/virtualmachines", "unknown field",
        "oc asks for no warnings; a lab warns, because people meant the field"),
    ]

  /// Groups and kinds that a lab does not serve.
  private static let unserved = [
    "/apis/admissionregistration.k8s.io", "/apis/apiregistration.k8s.io", "/apis/autoscaling",
    "/apis/batch", "/apis/certificates.k8s.io", "/apis/discovery.k8s.io",
    "/apis/flowcontrol.apiserver.k8s.io", "/apis/networking.k8s.io", "/apis/node.k8s.io",
    "/apis/rbac.authorization.k8s.io", "/daemonsets", "/deployments",
  ]

  static func of(_ exchange: RecordedExchange, _ difference: String) -> KnownDifference? {
    all.first { exchange.path.contains($0.path) && difference.contains($0.difference) }
  }
}

extension String {
  /// Every text has the empty one in it.
  fileprivate func contains(_ other: String) -> Bool {
    other.isEmpty || firstRange(of: other) != nil
  }
}
