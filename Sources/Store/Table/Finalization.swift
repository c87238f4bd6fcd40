import Objects

/// Deletion in two steps: an object with finalizers is marked, and goes with its last finalizer.
package enum Finalization {
  /// Held by an owner until the objects that block its deletion are gone.
  static let foreground = "foregroundDeletion"
  /// Held by an owner until no object refers to it.
  static let orphan = "orphan"

  /// The change that a deletion makes; `nil` when the object is marked already.
  ///
  /// - Parameters:
  ///   - propagation: `nil` is what the object's own finalizers say, else background.
  ///   - finalizer: what an object that is not marked yet is to be held by.
  static func deletion(
    of key: ObjectKey, _ current: ObjectNode, _ propagation: DeletionPropagation?,
    adding finalizer: String? = nil, at timestamp: String
  ) -> Mutation? {
    var tree = current
    let propagation = propagation ?? self.propagation(of: current)
    tree.finalizers =
      current.finalizers.filter { $0 != foreground && $0 != orphan }
      + (propagation == .foreground ? [foreground] : [])
      + (propagation == .orphan ? [orphan] : [])
    if let finalizer, !current.isBeingDeleted, !tree.finalizers.contains(finalizer) {
      tree.finalizers.append(finalizer)
    }
    if tree.finalizers.isEmpty { return .remove(key) }
    if !tree.isBeingDeleted {
      tree["metadata", "deletionTimestamp"] = .text(timestamp)
      tree["metadata", "deletionGracePeriodSeconds"] = 0
      tree.countGeneration()
    }
    return tree == current ? nil : .put(key, tree)
  }

  /// The propagation that an object's finalizers ask for.
  static func propagation(of tree: ObjectNode) -> DeletionPropagation {
    let finalizers = tree.finalizers
    if finalizers.contains(orphan) { return .orphan }
    return finalizers.contains(foreground) ? .foreground : .background
  }

  /// Whether nothing keeps an object that is to go.
  static func isOver(_ tree: ObjectNode) -> Bool { tree.isBeingDeleted && tree.finalizers.isEmpty }

  /// Why the finalizers of a new version are refused: an object that is to go gets no new ones.
  static func refusal(of tree: ObjectNode, after current: ObjectNode) -> String? {
    guard current.isBeingDeleted else { return nil }
    let before = current.finalizers
    let added = tree.finalizers.filter { !before.contains($0) }
    guard !added.isEmpty else { return nil }
    let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
    return "Forbidden: no new finalizers can be added if the object is being deleted, "
      + "found new finalizers []string{\(list)}"
  }

  /// The change that takes a finalizer away.
  static func removal(of finalizer: String, from key: ObjectKey, _ current: ObjectNode) -> Mutation
  {
    var tree = current
    tree.finalizers.removeAll { $0 == finalizer }
    return isOver(tree) ? .remove(key) : .put(key, tree)
  }
}
