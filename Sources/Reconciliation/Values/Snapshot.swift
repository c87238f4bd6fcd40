import Objects

/// All objects at one moment, as a decision sees them.
package protocol Snapshot {
  /// The object with a key; `nil` when there is none.
  func object(_ key: ObjectKey) -> ObjectNode?

  /// The objects of a kind, of one namespace or all, in the order of their keys.
  func objects(
    of resource: GroupResource, namespace: String?
  ) -> [(key: ObjectKey, object: ObjectNode)]

  /// The objects of all kinds in a namespace, in the order of their keys.
  func objects(inNamespace namespace: String) -> [(key: ObjectKey, object: ObjectNode)]

  /// The keys of the objects that refer to an owner with this UID, sorted.
  func dependents(of uid: String) -> [ObjectKey]
}

extension Snapshot {
  /// The objects of a kind whose controller has this UID, in the order of their keys.
  func objects(
    of resource: GroupResource, controlledBy uid: String
  ) -> [(key: ObjectKey, object: ObjectNode)] {
    dependents(of: uid).compactMap { key in
      guard key.resource == resource, let object = object(key), object.controller?.uid == uid
      else { return nil }
      return (key, object)
    }
  }
}
