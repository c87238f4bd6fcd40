import Objects

/// Causes that a refusal lists at most.
let causeLimit = 100

/// What a definition says of an object of its kind: it is pruned, filled in and judged
/// (apiextensions-apiserver, pkg/registry/customresource).
struct CustomResourceAdmission: Sendable {
  private struct Version {
    let tree: ObjectNode
    let schema: StructuralSchema
    let hasStatus: Bool
  }

  private let versions: [String: Version]
  private let kind: String
  private let group: String

  init(_ resource: CustomResource) {
    versions = Dictionary(
      resource.versions.map { version in
        let made = Version(
          tree: version.schema, schema: StructuralSchema(version.schema),
          hasStatus: version.hasStatus)
        return (version.name, made)
      }
    ) { first, _ in first }
    kind = resource.accepted.kind
    group = resource.id.group
  }

  /// Judges a write.
  func admit(
    _ request: AdmissionRequest, _ part: WrittenPart
  ) throws(StatusError) -> AdmittedObject {
    guard let version = versions[request.version] else { return AdmittedObject(request.object) }
    var object = request.object
    if part == .status {
      // Nothing else is written; which version it was made from the client says.
      object = request.previous ?? object
      object["status"] = request.object["status"]
      for field in ["uid", "resourceVersion"] {
        object["metadata", field] = request.object["metadata", field]
      }
    } else if version.hasStatus {
      object["status"] = request.previous?["status"]
    }
    var unknown: [String] = []
    object = version.schema.pruned(object, unknown: &unknown)
    try request.checkUnknownFields(unknown)
    object = version.schema.defaulted(object)
    var causes = version.schema.causes(of: object)
    if !causes.isEmpty, let previous = request.previous {
      var known: [String] = []
      let before = version.schema.defaulted(version.schema.pruned(previous, unknown: &known))
      causes = UnchangedParts(from: before, to: object, version.tree).causes(outside: causes)
    }
    guard causes.isEmpty else {
      throw .invalid(request.key.name, kind: kind, group: group, Array(causes.prefix(causeLimit)))
    }
    return AdmittedObject(object, unknownFields: unknown)
  }
}
