import Objects

/// The specification that an instance was made of, kept as an object of its own (ControllerRevision
/// `revision-start-vm-UID-GENERATION`; KubeVirt, createVMRevision).
enum MachineRevision {
  static func name(of machine: ObjectNode) -> String {
    "revision-start-vm-\(machine.uid)-\(machine.generation)"
  }

  /// The changes that keep a machine's specification and forget older ones.
  static func changes(
    for key: ObjectKey, _ machine: ObjectNode, in snapshot: any Snapshot
  ) -> [Change] {
    let name = name(of: machine)
    var changes: [Change] = []
    var isThere = false
    for (key, revision) in snapshot.objects(of: .controllerRevisions, controlledBy: machine.uid)
    where key.name.hasPrefix("revision-start-vm-") {
      if key.name == name {
        isThere = true
      } else {
        changes.append(.delete(key, uid: revision.uid))
      }
    }
    guard !isThere else { return changes }
    let revision: ObjectNode = [
      "apiVersion": "apps/v1", "kind": "ControllerRevision",
      "metadata": ["ownerReferences": [machine.controllerReference]],
      "data": ["spec": machine["spec"] ?? .mapping()],
      "revision": .integer(machine.generation),
    ]
    let own = ObjectKey(.controllerRevisions, namespace: key.namespace, name: name)
    return changes + [.create(own, revision)]
  }

  /// The template of the instance that an instance was made of; `nil` when nobody knows.
  static func template(
    of instance: ObjectNode, namespace: String, in snapshot: any Snapshot
  ) -> ObjectNode? {
    guard let name = instance["status", "virtualMachineRevisionName"]?.string else { return nil }
    let key = ObjectKey(.controllerRevisions, namespace: namespace, name: name)
    return snapshot.object(key)?["data", "spec", "template"]
  }
}
