import Objects

extension ObjectNode {
  var uid: String { self["metadata", "uid"]?.string ?? "" }
  var name: String { self["metadata", "name"]?.string ?? "" }
  var kind: String { self["kind"]?.string ?? "" }
  var generation: Int { self["metadata", "generation"]?.integer ?? 0 }
  var isBeingDeleted: Bool { self["metadata", "deletionTimestamp"]?.string != nil }
  var created: Timestamp? { self["metadata", "creationTimestamp"]?.string.flatMap(Timestamp.init) }

  var finalizers: [String] { self["metadata", "finalizers"]?.items.compactMap(\.string) ?? [] }

  func annotation(_ name: String) -> String? { self["metadata", "annotations", name]?.string }
  func label(_ name: String) -> String? { self["metadata", "labels", name]?.string }

  mutating func addFinalizer(_ name: String) {
    guard !finalizers.contains(name) else { return }
    self["metadata", "finalizers"] = .sequence((finalizers + [name]).map { .text($0) })
  }

  mutating func removeFinalizers(_ names: String...) {
    let kept = finalizers.filter { !names.contains($0) }
    guard kept != finalizers else { return }
    self["metadata", "finalizers"] = kept.isEmpty ? nil : .sequence(kept.map { .text($0) })
  }

  /// The owner that controls the object (`metadata.ownerReferences`, `controller: true`).
  var controller: (kind: String, name: String, uid: String)? {
    for owner in self["metadata", "ownerReferences"]?.items ?? []
    where owner["controller"]?.boolean == true {
      guard let uid = owner["uid"]?.string else { continue }
      return (owner["kind"]?.string ?? "", owner["name"]?.string ?? "", uid)
    }
    return nil
  }

  /// The reference by which another object says that this one controls it.
  var controllerReference: ObjectNode {
    [
      "apiVersion": self["apiVersion"] ?? "", "kind": .text(kind), "name": .text(name),
      "uid": .text(uid), "controller": true, "blockOwnerDeletion": true,
    ]
  }
}
