import FileSystem
import Objects

/// A lab's objects: one place for all kinds, with one counter for all changes.
///
/// The store knows no kind. A write is judged by what is staged, that is by all writes before it;
/// everybody sees it, its writer too, when it is in the log.
package actor Store {
  /// The objects of a list, and the revision at which they were so.
  package struct List: Sendable {
    /// The store's revision: a watch after it misses nothing.
    package let resourceVersion: Int
    /// In the order of their keys.
    package let items: [(key: ObjectKey, object: StoredObject)]
  }

  /// Figures of a store.
  package struct Status: Sendable, Equatable {
    /// The number of the last change that may be seen.
    package var revision: Int
    /// The number of objects.
    package var objects: Int
    /// The bytes of all objects as JSON.
    package var bytes: Int
    /// Why the log could not be begun anew, if the last attempt failed. The log then grows.
    package var compactionFailure: String?
  }

  /// What opening the file has found; `nil` for a store without a file.
  package nonisolated let report: WriteAheadFile.Report?
  nonisolated let feed: ChangeFeed

  let log: (any ChangeLog)?
  let limits: StoreLimits
  let moment: WriteMoment
  /// What may be seen: all that is in the log.
  var visible: ObjectTable
  /// The same with the writes that are on their way into the log.
  var staged: ObjectTable
  /// Commits that wait for the log, oldest first.
  var commits: [Commit] = []
  var isCommitting = false
  var compactionFailure: String?

  /// Opens a store's file, or makes it.
  ///
  /// - Parameter waitsForDisk: see ``WriteAheadFile``.
  /// - Throws: ``StoreFileError``.
  package static func open(
    _ path: String, limits: StoreLimits = StoreLimits(), moment: WriteMoment = .system,
    waitsForDisk: Bool = true
  ) async throws(StoreFileError) -> Store {
    let file = try WriteAheadFile(path: path, limits: limits, waitsForDisk: waitsForDisk)
    let (replay, report) = try await file.recover()
    return Store(replay, log: file, limits: limits, moment: moment, report: report)
  }

  /// A store that forgets everything with its process, such as that of a plan; or one with
  /// another log.
  package init(
    log: (any ChangeLog)? = nil, limits: StoreLimits = StoreLimits(), moment: WriteMoment = .system
  ) {
    self.init(Replay(limits: limits), log: log, limits: limits, moment: moment, report: nil)
  }

  private init(
    _ replay: Replay, log: (any ChangeLog)?, limits: StoreLimits, moment: WriteMoment,
    report: WriteAheadFile.Report?
  ) {
    self.log = log
    self.limits = limits
    self.moment = moment
    self.report = report
    visible = replay.table
    staged = replay.table
    feed = ChangeFeed(ring: replay.ring, limits: limits)
  }

  deinit { feed.close() }

  /// How the store is.
  package var status: Status {
    Status(
      revision: visible.revision, objects: visible.count, bytes: visible.bytes,
      compactionFailure: compactionFailure)
  }

  /// The object with a key; `nil` when there is none.
  package func get(_ key: ObjectKey) -> StoredObject? { visible[key] }

  /// The objects of a kind, of one namespace or all, that `matching` holds for.
  package func list(
    _ resource: GroupResource, namespace: String? = nil,
    matching: (StoredObject) -> Bool = { _ in true }
  ) -> List {
    List(
      resourceVersion: visible.revision,
      items: visible.objects(of: resource, namespace: namespace).filter { matching($0.object) })
  }

  /// All objects at once: a snapshot for a controller.
  package var snapshot: ObjectTable { visible }

  /// Watches the objects of a scope that `matching` holds for.
  ///
  /// - Parameters:
  ///   - bookmarks: whether events ``WatchEvent/bookmark(_:endsInitial:)`` are sent, after the
  ///     objects that were there and when nothing else has come for many revisions.
  ///   - matching: called by the watch's reader, on an object before and after each change.
  /// - Throws: ``StoreError/tooOld(_:oldest:)``, ``StoreError/tooNew(_:current:)``.
  package func watch(
    _ scope: WatchScope = WatchScope(), from start: WatchStart, bookmarks: Bool = false,
    matching: @escaping @Sendable (StoredObject) -> Bool = { _ in true }
  ) throws(StoreError) -> Watch {
    var initial: [(key: ObjectKey, object: StoredObject)]?
    var revision = visible.revision
    switch start {
    case .existing:
      let resources = scope.resource.map { [$0] } ?? visible.resources
      initial = resources.flatMap { visible.objects(of: $0, namespace: scope.namespace) }
        .filter { matching($0.object) }
    case .now: break
    case .after(let known):
      guard known <= revision else { throw .tooNew(known, current: revision) }
      guard known >= feed.oldest else { throw .tooOld(known, oldest: feed.oldest) }
      revision = known
    }
    return Watch(
      feed: feed, scope: scope, matching: matching, initial: initial, revision: revision,
      patience: bookmarks ? limits.bookmarkInterval : nil, ends: feed.ends(of: scope))
  }

  /// Ends the watches of one kind; they tell first what may be seen now. Those of all kinds go on.
  package func endWatches(of resource: GroupResource) { feed.end(resource) }

  /// Ends all watches, and lets go of the file and its lock. Writes that are not in the file yet are
  /// refused; all others are in it.
  package func close() async {
    feed.close()
    await log?.close()
  }
}
