import Logging
import Objects
import Reconciliation
import Store

/// Runs one controller: watches the store, takes decisions on what has changed, and writes what they
/// come to.
package struct ControllerRunner: Sendable {
  private let reconciler: any Reconciler
  private let store: Store
  private let clock: any ControllerClock
  private let nameSuffix: @Sendable () -> String
  private let logger: Logger
  private let workers: Int
  private let writer: ChangeWriter
  private let queue: WorkQueue
  private let failures: FailureLog

  /// A controller of a store.
  ///
  /// - Parameter workers: the decisions that are taken at the same time, each on another key, of a
  ///   reconciler whose decisions do not take turns.
  package init(
    _ reconciler: any Reconciler, store: Store, clock: any ControllerClock = SystemClock(),
    nameSuffix: @escaping @Sendable () -> String = NameSuffix.random, logger: Logger,
    workers: Int = 4
  ) {
    self.reconciler = reconciler
    self.store = store
    self.clock = clock
    self.nameSuffix = nameSuffix
    self.logger = logger
    self.workers = reconciler.takesTurns ? 1 : workers
    writer = ChangeWriter(store: store)
    queue = WorkQueue(clock: clock)
    failures = FailureLog(logger: logger, controller: reconciler.name)
  }

  /// Runs until the task is cancelled or the store is closed.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<workers { group.addTask { await work() } }
      await follow()
      await queue.close()
    }
  }

  /// Adds the keys that events concern. When it has fallen behind it takes all objects anew, which
  /// brings every key that still matters.
  private func follow() async {
    while !Task.isCancelled {
      do throws(StoreError) {
        var watch = try await store.watch(from: .existing).makeAsyncIterator()
        while let event = try await watch.next() {
          guard let (key, object) = event.object else { continue }
          let snapshot = await store.snapshot
          for key in reconciler.keys(concernedBy: key, object.tree, in: snapshot) {
            await queue.add(key)
          }
        }
        return
      } catch {
        logger.info("\(reconciler.name) takes all objects anew: \(error)")
      }
    }
  }

  private func work() async {
    while let key = await queue.next() {
      await queue.done(key, hasFailed: await decide(key) == false)
    }
  }

  /// Takes a decision on a key and carries it out; `false` when it is to be taken again.
  private func decide(_ key: ObjectKey) async -> Bool {
    // Both times before the objects: what is to come after a while counts from here.
    let begin = clock.uptime
    let now = clock.now
    let outcome = reconciler.reconcile(
      key, in: await store.snapshot, at: Moment(now: now, nameSuffix: nameSuffix))
    do throws(StoreError) {
      try await writer.write(outcome.changes, at: now)
    } catch {
      await failures.note(error, of: key)
      return false
    }
    await failures.forget(key)
    await queue.cancelDelay(key)
    if let delay = outcome.after { await queue.add(key, at: begin + delay) }
    return true
  }
}

extension WatchEvent {
  /// The object that the event is about; `nil` for a bookmark.
  fileprivate var object: (key: ObjectKey, object: StoredObject)? {
    switch self {
    case .added(let key, let object), .modified(let key, let object), .deleted(let key, let object):
      (key, object)
    case .bookmark: nil
    }
  }
}
