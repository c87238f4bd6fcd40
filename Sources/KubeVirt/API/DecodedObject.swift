import Objects

/// An object of KubeVirt's as its webhooks get it: the API server has dropped what the API does not
/// know, and types are checked.
struct DecodedObject {
  /// The object without what was dropped.
  let root: ObjectNode
  /// What an API server's strict decoding says of fields that are dropped.
  let unknownFields: [Cause]
  /// What the check against the API's types says; then nothing else is looked at.
  let typeCauses: [Cause]

  /// Decodes an object.
  ///
  /// - Parameters:
  ///   - kind: its kind, which ``APITypes`` has.
  ///   - specification: the structure of its spec.
  ///   - origin: who hands it to the webhooks.
  init(
    _ document: ObjectNode, kind: String, specification: String,
    from origin: MachineObject.Origin = .apiServer
  ) {
    var root = document
    // A null goes before anything looks at the object.
    if origin == .apiServer, root["spec"]?.isNull == true { root["spec"] = nil }
    var schema = SchemaCheck(root, kind: kind, specification: specification)
    unknownFields =
      origin == .apiServer
      ? (schema.unknownMetadata + schema.unknown).map(\.strictDecodingCause) : []
    var forbidden = schema.forbidden
    if origin == .client { forbidden += schema.unknown }
    if !schema.isPruned, let spec = root["spec"] {
      root["spec"] = Pruning.pruned(spec, as: specification)
      if origin == .apiServer {
        schema = SchemaCheck(root, kind: kind, specification: specification)
      }
    }
    let causes = schema.causes + forbidden.map(\.forbiddenCause)
    typeCauses = causes.isEmpty ? [schema.decodingCause].compactMap { $0 } : causes
    self.root = root
  }
}
