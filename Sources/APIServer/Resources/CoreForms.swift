import FoundationEssentials
import Objects
import Reconciliation

/// What an API server fills into objects of the core group that clients leave open (kubernetes,
/// pkg/apis/core/v1/defaults.go, and the strategies below pkg/registry/core).
enum CoreForms {
  /// The changes of a kind; `nil` of kinds that stay as they are.
  static func admission(of id: GroupResource) -> Admission? {
    switch id {
    case GroupResource("namespaces"): filling(namespace)
    case .secrets: secret
    case .persistentVolumeClaims: filling(claim)
    default: nil
    }
  }

  private static func filling(
    _ fill: @escaping @Sendable (ObjectNode, _ previous: ObjectNode?) -> ObjectNode
  ) -> Admission {
    { request in
      let filled = fill(request.object, request.previous)
      // The finalizer of a namespace is the server's.
      var written = filled
      if filled["kind"]?.string == "Namespace" { written["spec"] = request.object["spec"] }
      return AdmittedObject(filled, written: written)
    }
  }

  private static func namespace(_ tree: ObjectNode, _ previous: ObjectNode?) -> ObjectNode {
    var namespace = tree
    namespace["metadata", "labels", "kubernetes.io/metadata.name"] = tree["metadata", "name"]
    if let previous {
      // Who empties a namespace takes its finalizer away, and nobody else.
      let own = ObjectNode.text(NamespaceReconciler.finalizer)
      var finalizers = tree["metadata", "finalizers"]?.items ?? []
      if previous["metadata", "finalizers"]?.items.contains(own) == true, !finalizers.contains(own)
      {
        finalizers.append(own)
        namespace["metadata", "finalizers"] = .sequence(finalizers)
      }
      return namespace
    }
    if namespace["spec", "finalizers"] == nil {
      namespace["spec", "finalizers"] = ["kubernetes"]
    }
    namespace["status"] = ["phase": "Active"]
    return namespace
  }

  /// Secrets: their data is checked as it is read, and their type stays.
  private static let secret: Admission = { request async throws(StatusError) in
    var secret = request.object
    try checkData(of: request)
    if secret["type"]?.string?.isEmpty != false { secret["type"] = "Opaque" }
    for entry in secret["stringData"]?.entries ?? [] {
      secret["data", entry.key] = .text(
        Data((entry.value.string ?? "").utf8).base64EncodedString())
    }
    secret["stringData"] = nil
    if let before = request.previous?["type"], let type = secret["type"], type != before {
      throw .invalid(
        request.key.name, kind: request.kind, group: "",
        [
          StatusError.Cause(
            field: "type",
            message:
              "Invalid value: \(String(decoding: type.canonicalJSON, as: UTF8.self)): field is "
              + "immutable")
        ])
    }
    return AdmittedObject(secret)
  }

  /// - Throws: ``StatusError`` for data that is no text, or no base64, in the words of Go's decoder.
  private static func checkData(of request: AdmissionRequest) throws(StatusError) {
    func refused(_ objection: String) -> StatusError {
      .badRequest(
        "\(request.kind) in version \"\(request.version)\" cannot be handled as a \(request.kind): "
          + objection)
    }
    for (field, mapping, type) in [
      ("data", "map[string][]uint8", "[]uint8"), ("stringData", "map[string]string", "string"),
    ] {
      guard let node = request.object[field], !node.isNull else { continue }
      func wrong(_ value: ObjectNode, _ type: String) -> StatusError {
        refused(
          "json: cannot unmarshal \(value.jsonKind) into Go struct field \(request.kind).\(field) of "
            + "type \(type)")
      }
      guard node.isMapping else { throw wrong(node, mapping) }
      for entry in node.entries where !entry.value.isNull {
        guard let text = entry.value.string else { throw wrong(entry.value, type) }
        if field == "data", let place = Base64Text.fault(in: text) {
          throw refused("illegal base64 data at input byte \(place)")
        }
      }
    }
  }

  private static func claim(_ tree: ObjectNode, _ previous: ObjectNode?) -> ObjectNode {
    var claim = tree
    if claim["spec"]?.isMapping == true, claim["spec", "volumeMode"] == nil {
      claim["spec", "volumeMode"] = "Filesystem"
    }
    if previous == nil { claim["status"] = ["phase": "Pending"] }
    return claim
  }
}
