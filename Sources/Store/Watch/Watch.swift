import Objects

/// The objects of a scope as they come, change and go, in the order of the changes.
///
/// It ends when the task that reads it is cancelled, the store is closed or the watches of its kind are
/// ended (``Store/endWatches(of:)``). It throws
/// ``StoreError/tooOld(_:oldest:)`` when its reader is so slow that changes are forgotten; the
/// reader lists again, and watches from there.
package struct Watch: AsyncSequence, Sendable {
  package typealias Element = WatchEvent
  package typealias Failure = StoreError

  let feed: ChangeFeed
  let scope: WatchScope
  let matching: @Sendable (StoredObject) -> Bool
  /// The objects that are there when the watch begins, if they are asked for.
  let initial: [(key: ObjectKey, object: StoredObject)]?
  let revision: Int
  /// The revisions after which a bookmark comes in place of events; `nil` for no bookmarks.
  let patience: Int?
  /// How often the watches of its kind had been ended when it began.
  let ends: Int

  /// An iterator from the watch's beginning.
  package func makeAsyncIterator() -> Iterator {
    Iterator(
      watch: self, initial: (initial ?? [])[...], endsInitial: initial != nil && patience != nil,
      cursor: revision, said: revision)
  }

  /// Where a reader of a watch is.
  package struct Iterator: AsyncIteratorProtocol {
    let watch: Watch
    var initial: ArraySlice<(key: ObjectKey, object: StoredObject)>
    var endsInitial: Bool
    var changes: ArraySlice<Change> = []
    var cursor: Int
    /// The revision that the last event told of.
    var said: Int

    /// The next event; `nil` when the watch is over.
    ///
    /// - Throws: ``StoreError/tooOld(_:oldest:)``, ``StoreError/tooNew(_:current:)``.
    package mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(StoreError) -> WatchEvent? {
      while !Task.isCancelled {
        if let (key, object) = initial.popFirst() { return .added(key, object) }
        if endsInitial {
          endsInitial = false
          return .bookmark(watch.revision, endsInitial: true)
        }
        while let change = changes.popFirst() {
          guard let event = WatchEvent(change, matching: watch.matching) else { continue }
          said = change.revision
          return event
        }
        if let patience = watch.patience, cursor - said >= patience {
          said = cursor
          return .bookmark(cursor, endsInitial: false)
        }
        guard
          let delivery = try await watch.feed.next(
            after: cursor, since: said, in: watch.scope, patience: watch.patience,
            ends: watch.ends)
        else { return nil }
        changes = delivery.changes[...]
        cursor = delivery.cursor
      }
      return nil
    }
  }
}

/// Where a watch begins.
package enum WatchStart: Sendable, Equatable {
  /// With an event ``WatchEvent/added(_:_:)`` for each object that is there, and where bookmarks
  /// are asked for, one after them.
  case existing
  /// With the next change.
  case now
  /// With the first change after a revision: that of a list, an object or a bookmark.
  case after(Int)
}
