import Kinds
import Objects
import Planning

extension LabClient {
  /// The manifests that the lab's objects were applied from; `nil` of a lab that has none yet.
  package func manifests() async throws -> ManifestFolder.Spec? {
    let key = ObjectKey(ManifestFolder.resource, namespace: "", name: ManifestFolder.name)
    return try await api.get(key)?.decoded(as: ManifestFolder.self).spec
  }

  /// What the lab's launch found out of this machine.
  ///
  /// - Throws: ``RegistryError`` for a lab that is only being made.
  func facts() async throws -> PlanningFacts {
    let key = ObjectKey(HostFacts.resource, namespace: "", name: HostFacts.name)
    guard let facts = try await api.get(key)?.decoded(as: HostFacts.self).spec else {
      throw RegistryError.beingMade(lab)
    }
    return facts
  }

  /// Applies a difference, and notes the manifests that it comes from: before the machines, whose
  /// findings quote them, and after all else, so that a node that has the note can have the whole.
  ///
  /// - Throws: the API's errors.
  package func apply(
    _ difference: ObjectDifference, from folder: ManifestFolder.Spec, facts: PlanningFacts
  ) async throws {
    let isNew = try await api.get(HostFacts(spec: facts).key) == nil
    try await put(HostFacts(spec: facts))
    // What is changed by being made anew goes first, machines before what they use.
    let anew = difference.changed.filter { $0.key.resource == .virtualMachineInstances }
    let gone = difference.removed.filter(Self.isMachine) + anew.map(\.key)
    for key in gone { try await api.delete(key) }
    for key in gone {
      _ = try await wait(for: key, within: .seconds(120)) { $0 == nil ? true : nil }
    }
    for key in difference.removed where !Self.isMachine(key) { try await api.delete(key) }
    for (key, object) in difference.added where !Self.isMachine(key) {
      try await put(key, object)
    }
    for (key, _, object) in difference.changed
    where key.resource != .virtualMachineInstances {
      try await replace(key, object)
    }
    // Nodes that join a lab are started by their objects, once all that is said of them is there; an `up`
    // before that was ended half-way may have left them out. Those of a new lab make their own.
    for node in isNew ? [] : facts.nodes {
      let key = ObjectKey(.nodes, namespace: "", name: node)
      guard try await api.get(key) == nil else { continue }
      try await put(
        key, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .text(node)]])
    }
    try await put(ManifestFolder(spec: folder))
    let machines =
      difference.added.filter { Self.isMachine($0.key) } + anew.map { ($0.key, $0.after) }
    for (key, object) in machines { try await put(key, object) }
  }

  private static func isMachine(_ key: ObjectKey) -> Bool {
    key.resource == .virtualMachines || key.resource == .virtualMachineInstances
  }

  private func put(_ object: some OwnKind) async throws {
    try await put(object.key, try object.tree())
  }

  /// Makes an object, or gives one that is there, as an `up` that was ended half-way leaves it, what it
  /// should have.
  private func put(_ key: ObjectKey, _ object: ObjectNode) async throws {
    // A quota that counts objects refuses to make one more before it is seen that there is this one.
    guard try await api.get(key) == nil else { return try await replace(key, object) }
    do {
      _ = try await api.create(key, object)
    } catch is ObjectConflict {
      try await replace(key, object)
    }
  }

  /// Gives an object that is there what a manifest says, and leaves what others have written.
  private func replace(_ key: ObjectKey, _ object: ObjectNode) async throws {
    try await api.change(key, status: false) { ManifestObjects.apply(object, to: &$0) }
  }
}
