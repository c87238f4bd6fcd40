/// The last changes, bounded in number and bytes, without gaps in their revisions.
package struct ChangeRing: Sendable {
  private var changes: [Change?] = []
  /// Places of forgotten changes at the front; taken out when they are half of the array.
  private var forgotten = 0
  private var bytes = 0
  private let limits: StoreLimits
  /// The revision of the last change, or the one at which there were none.
  package private(set) var revision: Int

  /// An empty ring whose first change will have the next revision.
  package init(after revision: Int, limits: StoreLimits) {
    self.revision = revision
    self.limits = limits
  }

  /// The revision after which all changes are kept.
  package var oldest: Int { revision - (changes.count - forgotten) }

  /// The number of changes kept.
  package var count: Int { changes.count - forgotten }

  /// Adds a change, and forgets the oldest ones.
  package mutating func append(_ change: Change) {
    changes.append(change)
    revision = change.revision
    bytes += change.object.size
    while count > limits.keptChanges || (bytes > limits.keptBytes && count > 0) {
      bytes -= changes[forgotten]?.object.size ?? 0
      changes[forgotten] = nil
      forgotten += 1
    }
    if forgotten * 2 > changes.count {
      changes.removeFirst(forgotten)
      forgotten = 0
    }
  }

  /// Some of the changes of a scope after a revision, oldest first, and the revision up to which
  /// they are all.
  ///
  /// - Throws: ``StoreError/tooOld(_:oldest:)`` or ``StoreError/tooNew(_:current:)``.
  package func changes(
    after cursor: Int, in scope: WatchScope
  ) throws(StoreError) -> (changes: [Change], cursor: Int) {
    guard cursor <= revision else { throw .tooNew(cursor, current: revision) }
    guard cursor >= oldest else { throw .tooOld(cursor, oldest: oldest) }
    var found: [Change] = []
    for case let change? in changes[(changes.count - (revision - cursor))...]
    where scope.contains(change.key) {
      found.append(change)
      if found.count >= limits.watchChanges { return (found, change.revision) }
    }
    return (found, revision)
  }
}
