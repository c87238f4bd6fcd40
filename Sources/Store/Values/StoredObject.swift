import Objects

/// A version of an object as the store keeps it, and what of its metadata the store understands.
package struct StoredObject: Sendable, Equatable {
  /// The whole object, canonical (``ObjectNode/canonical``).
  package let tree: ObjectNode
  /// The bytes of the object as JSON.
  package let size: Int

  /// A version of an object.
  ///
  /// - Parameter size: the bytes of it as JSON.
  init(_ tree: ObjectNode, size: Int) {
    self.tree = tree
    self.size = size
  }

  /// metadata.uid; empty in an object that the store has not made.
  package var uid: String { tree.uid }
  /// metadata.resourceVersion: the store's revision after the change that made this version.
  package var resourceVersion: Int {
    tree["metadata", "resourceVersion"]?.string.flatMap(Int.init) ?? 0
  }
  /// metadata.generation: 1 and one more for each change of what is wanted.
  package var generation: Int { tree["metadata", "generation"]?.integer ?? 0 }
  /// metadata.finalizers: who must agree before the object goes.
  package var finalizers: [String] { tree.finalizers }
  /// Whether the object is to go as soon as it has no finalizers.
  package var isBeingDeleted: Bool { tree.isBeingDeleted }
  /// metadata.ownerReferences, without those that have no UID.
  package var owners: [OwnerReference] { tree.owners }

  /// The value of a label; `nil` when the object has no such label.
  package func label(_ name: String) -> String? { tree["metadata", "labels", name]?.string }
}

extension ObjectNode {
  var uid: String { self["metadata", "uid"]?.string ?? "" }

  var isBeingDeleted: Bool { self["metadata", "deletionTimestamp"]?.string != nil }

  /// metadata.finalizers; an empty list is no field.
  var finalizers: [String] {
    get { self["metadata", "finalizers"]?.items.compactMap(\.string) ?? [] }
    set {
      guard newValue != finalizers else { return }
      self["metadata", "finalizers"] =
        newValue.isEmpty ? nil : .sequence(newValue.map { .text($0) })
    }
  }

  var owners: [OwnerReference] {
    self["metadata", "ownerReferences"]?.items.compactMap(OwnerReference.init) ?? []
  }

  /// Changes the entries of metadata.ownerReferences; what `change` answers `nil` for goes, and an
  /// empty list is no field.
  mutating func changeOwners(_ change: (ObjectNode) -> ObjectNode?) {
    let owners = (self["metadata", "ownerReferences"]?.items ?? []).compactMap(change)
    self["metadata", "ownerReferences"] = owners.isEmpty ? nil : .sequence(owners)
  }
}
