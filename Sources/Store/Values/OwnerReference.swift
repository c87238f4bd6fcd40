import Objects

/// An entry of metadata.ownerReferences: whoever the object goes with.
package struct OwnerReference: Equatable, Sendable {
  /// The owner's group, out of apiVersion; empty for the core group.
  package var group: String
  /// The owner's kind.
  package var kind: String
  /// The owner's name; the namespace is the object's own, or none.
  package var name: String
  /// The owner's UID: an object of the same name made later is another.
  package var uid: String
  /// Whether an owner that is deleted in the foreground waits for the object.
  package var blocksOwnerDeletion: Bool

  /// The reference in a tree; `nil` without a UID, which refers to nothing.
  init?(_ tree: ObjectNode) {
    guard let uid = tree["uid"]?.string, !uid.isEmpty else { return nil }
    self.uid = uid
    group = APIVersion.group(of: tree["apiVersion"]?.string ?? "")
    kind = tree["kind"]?.string ?? ""
    name = tree["name"]?.string ?? ""
    blocksOwnerDeletion = tree["blockOwnerDeletion"]?.boolean ?? false
  }
}
