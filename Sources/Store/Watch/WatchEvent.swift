import Objects

/// What a watch says.
package enum WatchEvent: Sendable, Equatable {
  /// An object is there that was not, or was not among those watched.
  case added(ObjectKey, StoredObject)
  /// An object has changed.
  case modified(ObjectKey, StoredObject)
  /// An object is gone, or no more among those watched; what it was before, with the resourceVersion
  /// of the change.
  case deleted(ObjectKey, StoredObject)
  /// Everything up to this revision has been said.
  ///
  /// - Parameter endsInitial: whether it follows the objects that were there when the watch began.
  case bookmark(Int, endsInitial: Bool)

  /// What a change is to a watch of the objects that `matching` holds for: a change that brings
  /// an object in or takes it out is its making or its end. `nil` when it is none of its business.
  package init?(_ change: Change, matching: (StoredObject) -> Bool) {
    let isIn = !change.isRemoval && matching(change.object)
    let wasIn = change.previous.map(matching) ?? false
    switch (wasIn, isIn) {
    case (false, true): self = .added(change.key, change.object)
    case (true, true): self = .modified(change.key, change.object)
    case (true, false): self = .deleted(change.key, change.leaving)
    case (false, false): return nil
    }
  }
}

extension Change {
  /// What watches see of an object that leaves them.
  fileprivate var leaving: StoredObject {
    guard !isRemoval, let previous else { return object }
    var tree = previous.tree
    tree["metadata", "resourceVersion"] = .text(String(revision))
    return StoredObject(tree, size: previous.size)
  }
}
