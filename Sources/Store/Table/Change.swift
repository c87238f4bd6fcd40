import Objects

/// What is to become of an object, before it has a revision.
package enum Mutation: Equatable, Sendable {
  /// The object is made or replaced.
  case put(ObjectKey, ObjectNode)
  /// The object goes.
  case remove(ObjectKey)

  /// The object's key.
  package var key: ObjectKey {
    switch self {
    case .put(let key, _), .remove(let key): key
    }
  }
}

/// One step of the store: an object made, changed or gone.
package struct Change: Sendable, Equatable {
  /// The store's revision after it; each change takes the next number.
  package let revision: Int
  /// The object's key.
  package let key: ObjectKey
  /// The object after the change; of one that is gone what it was before. Its resourceVersion is
  /// the revision in both cases.
  package let object: StoredObject
  /// The object before the change; `nil` when it was made.
  package let previous: StoredObject?
  /// Whether the object is gone.
  package let isRemoval: Bool
}
