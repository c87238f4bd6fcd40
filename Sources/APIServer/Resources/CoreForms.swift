import FoundationEssentials
import Objects

/// What an API server fills into objects of the core group that clients leave open (kubernetes,
/// pkg/apis/core/v1/defaults.go, and the strategies below pkg/registry/core).
enum CoreForms {
  /// The changes of a kind; `nil` of kinds that stay as they are.
  static func admission(of id: GroupResource) -> Admission? {
    switch id {
    case GroupResource("namespaces"): filling(namespace)
    case .secrets: filling(secret)
    case .persistentVolumeClaims: filling(claim)
    default: nil
    }
  }

  private static func filling(
    _ fill: @escaping @Sendable (ObjectNode, Bool) -> ObjectNode
  ) -> Admission {
    { request in
      let filled = fill(request.object, request.previous == nil)
      // The finalizer of a namespace is the server's.
      var written = filled
      if filled["kind"]?.string == "Namespace" { written["spec"] = request.object["spec"] }
      return AdmittedObject(filled, written: written)
    }
  }

  private static func namespace(_ tree: ObjectNode, _ isNew: Bool) -> ObjectNode {
    var namespace = tree
    namespace["metadata", "labels", "kubernetes.io/metadata.name"] = tree["metadata", "name"]
    guard isNew else { return namespace }
    if namespace["spec", "finalizers"] == nil {
      namespace["spec", "finalizers"] = ["kubernetes"]
    }
    namespace["status"] = ["phase": "Active"]
    return namespace
  }

  private static func secret(_ tree: ObjectNode, _ isNew: Bool) -> ObjectNode {
    var secret = tree
    if secret["type"]?.string?.isEmpty != false { secret["type"] = "Opaque" }
    for entry in secret["stringData"]?.entries ?? [] {
      secret["data", entry.key] = .text(
        Data((entry.value.string ?? "").utf8).base64EncodedString())
    }
    secret["stringData"] = nil
    return secret
  }

  private static func claim(_ tree: ObjectNode, _ isNew: Bool) -> ObjectNode {
    var claim = tree
    if claim["spec"]?.isMapping == true, claim["spec", "volumeMode"] == nil {
      claim["spec", "volumeMode"] = "Filesystem"
    }
    if isNew { claim["status"] = ["phase": "Pending"] }
    return claim
  }
}
