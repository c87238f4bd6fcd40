import Objects

/// What virt-controller makes of an instance by the instance type and the preference that its machine
/// names (KubeVirt, pkg/instancetype/controller/vm/controller.go: Sync, ApplyToVMI).
package struct InstanceSizing: Sendable {
  /// Why no instance can be made.
  package struct Failure: Error, Hashable, Sendable {
    /// The reason of the machine's condition.
    package var reason: String
    /// What is wrong, in KubeVirt's words.
    package var message: String
  }

  /// A field of a machine's spec, and the kinds that it may name.
  private struct Field {
    let name: String
    let kinds: [Instancetypes.Kind]
    let reason: String

    static let all = [
      Field(
        name: "instancetype", kinds: [.instancetype, .clusterInstancetype],
        reason: "FailedFindInstancetype"),
      Field(
        name: "preference", kinds: [.preference, .clusterPreference], reason: "FailedFindPreference"
      ),
    ]
  }

  private let machine: ObjectNode
  private let sizing: MachineSizing

  /// Looks up what a machine names.
  ///
  /// - Throws: ``Failure`` when it is not there.
  package init(
    of machine: ObjectNode, namespace: String, _ instancetypes: Instancetypes
  ) throws(Failure) {
    self.machine = machine
    sizing = MachineSizing(
      machine, kind: .virtualMachine, namespace: namespace, path: "spec",
      instancetypes: instancetypes)
    for field in Field.all {
      let isMissing =
        field.name == "instancetype" ? sizing.missingInstancetype : sizing.missingPreference
      guard isMissing != nil else { continue }
      throw Failure(
        reason: field.reason, message: Self.notFound(APIValue(machine["spec", field.name]), field))
    }
  }

  /// Whether a machine names an instance type or a preference.
  package static func isNeeded(for machine: ObjectNode) -> Bool {
    Field.all.contains { machine["spec", $0.name].map { !$0.isNull } ?? false }
  }

  /// Whether a machine names an object of a kind, in its own namespace where the kind has one.
  package static func names(
    _ resource: GroupResource, _ name: String, in machine: ObjectNode
  ) -> Bool {
    Field.all.contains { field in
      let matcher = APIValue(machine["spec", field.name])
      return matcher["name"].string == name
        && Instancetypes.kind(matcher, among: field.kinds)?.resource == resource
    }
  }

  /// Fills an instance's annotations and spec, which are its machine's template's.
  ///
  /// - Throws: ``Failure`` for what the instance type and the template both say.
  package func fill(_ instance: inout ObjectNode) throws(Failure) {
    guard sizing.conflicts.isEmpty else {
      throw Failure(
        reason: "FailedCreate",
        message: "VMI conflicts with instancetype spec in fields: ["
          + sizing.conflicts.map(\.field).joined(separator: ", ") + "]")
    }
    for field in Field.all {
      let matcher = APIValue(machine["spec", field.name])
      guard matcher.exists, let kind = Instancetypes.kind(matcher, among: field.kinds) else {
        continue
      }
      instance["metadata", "annotations", kind.annotation] = .text(matcher["name"].string)
    }
    var metadata = instance["metadata", default: .mapping()]
    var spec = instance["spec", default: .mapping()]
    sizing.fill(metadata: &metadata, spec: &spec)
    instance["metadata"] = metadata
    instance["spec"] = spec
  }

  /// As the API server says it (apimachinery, NewNotFound).
  private static func notFound(_ matcher: APIValue, _ field: Field) -> String {
    let volume = matcher["inferFromVolume"].string
    if matcher["name"].string.isEmpty, !volume.isEmpty {
      return "unable to infer \(field.name) from volume \(volume): a lab has no labels of volumes"
    }
    guard let kind = Instancetypes.kind(matcher, among: field.kinds) else {
      let title = field.name.prefix(1).uppercased() + field.name.dropFirst()
      return "got unexpected kind in \(title)Matcher: \(matcher["kind"].string)"
    }
    return "\(kind.resource) \"\(matcher["name"].string)\" not found"
  }
}
