import Objects

/// All objects at one revision: a value, which changes by one change at a time.
package struct ObjectTable: Sendable {
  /// The number of the last change.
  package private(set) var revision: Int
  /// The bytes of all objects as JSON.
  package private(set) var bytes = 0
  private var objects: [GroupResource: [ObjectKey: StoredObject]] = [:]
  private var keys: [String: ObjectKey] = [:]
  private var dependents: [String: Set<ObjectKey>] = [:]

  /// No objects, at a revision.
  package init(revision: Int = 0) {
    self.revision = revision
  }

  /// The number of objects.
  package var count: Int { objects.values.reduce(0) { $0 + $1.count } }

  /// The kinds of which there are objects, sorted.
  package var resources: [GroupResource] { objects.keys.sorted() }

  /// The object with a key.
  package subscript(key: ObjectKey) -> StoredObject? { objects[key.resource]?[key] }

  /// The object with a UID.
  package subscript(uid uid: String) -> (key: ObjectKey, object: StoredObject)? {
    guard let key = keys[uid], let object = self[key] else { return nil }
    return (key, object)
  }

  /// The objects that refer to an owner with this UID, sorted.
  package func dependents(of uid: String) -> [ObjectKey] { (dependents[uid] ?? []).sorted() }

  /// Whether any object refers to an owner with this UID.
  func hasDependents(_ uid: String) -> Bool { dependents[uid] != nil }

  /// The objects of a kind, of one namespace or all, in the order of their keys.
  package func objects(
    of resource: GroupResource, namespace: String? = nil
  ) -> [(key: ObjectKey, object: StoredObject)] {
    (objects[resource] ?? [:])
      .filter { namespace == nil || $0.key.namespace == namespace }
      .sorted { $0.key < $1.key }
      .map { (key: $0.key, object: $0.value) }
  }

  /// Carries out a change. Its revision becomes the table's.
  mutating func apply(_ change: Change) {
    revision = change.revision
    if let previous = self[change.key] { remove(change.key, previous) }
    if !change.isRemoval { insert(change.key, change.object) }
  }

  /// Puts an object in that is not there, at no new revision: out of a snapshot.
  mutating func insert(_ key: ObjectKey, _ object: StoredObject) {
    objects[key.resource, default: [:]][key] = object
    bytes += object.size
    if !object.uid.isEmpty { keys[object.uid] = key }
    for owner in object.owners { dependents[owner.uid, default: []].insert(key) }
  }

  private mutating func remove(_ key: ObjectKey, _ object: StoredObject) {
    objects[key.resource]?[key] = nil
    if objects[key.resource]?.isEmpty == true { objects[key.resource] = nil }
    bytes -= object.size
    if keys[object.uid] == key { keys[object.uid] = nil }
    for owner in object.owners {
      dependents[owner.uid]?.remove(key)
      if dependents[owner.uid]?.isEmpty == true { dependents[owner.uid] = nil }
    }
  }
}
