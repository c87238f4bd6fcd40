import Objects

/// What becomes of objects because of their owners, as kube-controller-manager's garbage collector
/// has it, for one object at a time.
///
/// Each step takes something away: an object, a reference, a finalizer, a block. So a collection
/// ends, whatever refers to what.
package enum GarbageCollection {
  /// The next change of an object because of its owners or dependents; `nil` when it may stay so.
  package static func mutation(
    of key: ObjectKey, in table: ObjectTable, at timestamp: String
  ) -> Mutation? {
    guard let object = table[key] else { return nil }
    let tree = object.tree
    let owners = object.owners.map { ($0, state(of: $0, for: key, in: table)) }
    if let orphaned = without(owners, [.orphaning], key, tree) { return orphaned }
    if object.isBeingDeleted { return release(of: key, object, in: table) }
    let states = Set(owners.map(\.1))
    if states.contains(.there) { return without(owners, [.gone, .waiting], key, tree) }
    guard !states.isEmpty else { return nil }
    guard states.contains(.waiting), table.hasDependents(object.uid) else {
      return Finalization.deletion(of: key, tree, nil, at: timestamp)
    }
    // An owner that waits for this one may wait for itself, over this one's dependents.
    let isCircle = table.dependents(of: object.uid).contains { isWaiting(table[$0]) }
    if isCircle, owners.contains(where: { $0.0.blocksOwnerDeletion }) {
      return .put(key, unblocking(tree))
    }
    return Finalization.deletion(of: key, tree, .foreground, at: timestamp)
  }

  /// The objects that a change may make collectable: itself, its owners, and, if it goes or is to
  /// go, its dependents.
  package static func concerned(by change: Change, in table: ObjectTable) -> [ObjectKey] {
    var keys = [change.key]
    for owner in (change.previous?.owners ?? []) + change.object.owners {
      if let key = table[uid: owner.uid]?.key, !keys.contains(key) { keys.append(key) }
    }
    if change.isRemoval || change.object.isBeingDeleted {
      keys += table.dependents(of: change.object.uid)
    }
    return keys
  }

  /// An owner, seen from what it owns.
  private enum OwnerState {
    /// It exists and stays, or goes without a word about its dependents; or it has a namespace and
    /// the dependent has none, which counts as a mistake and not as a reason to delete.
    case there
    /// It is to go, and waits until its dependents are gone.
    case waiting
    /// It is to go, and waits until its dependents have forgotten it.
    case orphaning
    /// It does not exist: not with this UID, kind and name, or in another namespace.
    case gone
  }

  private static func state(
    of owner: OwnerReference, for dependent: ObjectKey, in table: ObjectTable
  ) -> OwnerState {
    guard let (key, object) = table[uid: owner.uid], key.name == owner.name,
      key.resource.group == owner.group,
      object.tree["kind"]?.string.map({ $0 == owner.kind }) ?? true
    else { return .gone }
    if !key.namespace.isEmpty, key.namespace != dependent.namespace {
      return dependent.namespace.isEmpty ? .there : .gone
    }
    guard object.isBeingDeleted else { return .there }
    return switch Finalization.propagation(of: object.tree) {
    case .background: .there
    case .foreground: .waiting
    case .orphan: .orphaning
    }
  }

  private static func isWaiting(_ object: StoredObject?) -> Bool {
    guard let object else { return false }
    return object.isBeingDeleted && object.finalizers.contains(Finalization.foreground)
  }

  /// The object without its references to owners in some states; `nil` when there are none.
  private static func without(
    _ owners: [(OwnerReference, OwnerState)], _ states: Set<OwnerState>, _ key: ObjectKey,
    _ tree: ObjectNode
  ) -> Mutation? {
    let forgotten = owners.filter { states.contains($0.1) }.map(\.0)
    guard !forgotten.isEmpty else { return nil }
    var tree = tree
    tree.changeOwners { entry in
      OwnerReference(entry).map(forgotten.contains) == true ? nil : entry
    }
    return .put(key, tree)
  }

  /// What an object that is to go need not wait for any more.
  private static func release(
    of key: ObjectKey, _ object: StoredObject, in table: ObjectTable
  ) -> Mutation? {
    let finalizers = object.finalizers
    if finalizers.contains(Finalization.orphan) {
      let isReferredTo = table.dependents(of: object.uid).contains { dependent in
        owns(key, object, dependent, in: table)
      }
      return isReferredTo
        ? nil : Finalization.removal(of: Finalization.orphan, from: key, object.tree)
    }
    guard finalizers.contains(Finalization.foreground) else { return nil }
    let isBlocked = table.dependents(of: object.uid).contains { dependent in
      dependent != key
        && table[dependent]?.owners.contains { $0.uid == object.uid && $0.blocksOwnerDeletion }
          == true
        && owns(key, object, dependent, in: table)
    }
    return isBlocked
      ? nil : Finalization.removal(of: Finalization.foreground, from: key, object.tree)
  }

  /// Whether an object that is to go must wait for `dependent`: the reference with its UID is to
  /// it indeed.
  private static func owns(
    _ key: ObjectKey, _ object: StoredObject, _ dependent: ObjectKey, in table: ObjectTable
  ) -> Bool {
    table[dependent]?.owners.contains {
      $0.uid == object.uid
        && [.waiting, .orphaning].contains(state(of: $0, for: dependent, in: table))
    } == true
  }

  private static func unblocking(_ tree: ObjectNode) -> ObjectNode {
    var tree = tree
    tree.changeOwners { entry in
      var entry = entry
      if entry["blockOwnerDeletion"]?.boolean == true { entry["blockOwnerDeletion"] = false }
      return entry
    }
    return tree
  }
}
