import Synchronization

/// Hands changes to watches, without a buffer for each: a watch that waits gets them when they
/// happen, one that is busy takes them out of the ring later, or learns that they are forgotten.
/// So no watch holds up a writer, and memory does not grow with slow watches.
final class ChangeFeed: Sendable {
  /// Changes of a watch's scope, and the revision up to which they are all.
  struct Delivery: Sendable {
    var changes: [Change] = []
    var cursor: Int
  }

  private enum Wakening: Sendable {
    case delivery(Delivery)
    /// Look into the ring again.
    case again
    /// The watch was cancelled, or the store is closed.
    case over
  }

  private struct Waiter {
    let scope: WatchScope
    var cursor: Int
    /// Revisions after the watch's last event at which it wants to hear of it.
    let patience: Int?
    let continuation: CheckedContinuation<Wakening, Never>
    let begin: Int
  }

  private struct State {
    var ring: ChangeRing
    var waiters: [Int: Waiter] = [:]
    var nextWaiter = 0
    var isClosed = false
  }

  private let state: Mutex<State>
  private let limits: StoreLimits

  init(ring: ChangeRing, limits: StoreLimits) {
    state = Mutex(State(ring: ring))
    self.limits = limits
  }

  /// The watches that wait now.
  var waiting: Int { state.withLock { $0.waiters.count } }

  /// The revision after which all changes are kept.
  var oldest: Int { state.withLock { $0.ring.oldest } }

  /// Makes changes known.
  func publish(_ changes: [Change]) {
    guard let last = changes.last?.revision else { return }
    let wakened = state.withLock { state in
      for change in changes { state.ring.append(change) }
      var wakened: [(CheckedContinuation<Wakening, Never>, Wakening)] = []
      for (id, waiter) in state.waiters {
        let found = changes.filter { waiter.scope.contains($0.key) }
        let isOverdue = waiter.patience.map { last - waiter.begin >= $0 } ?? false
        if found.isEmpty, !isOverdue {
          state.waiters[id]?.cursor = last
        } else {
          // More than a watch takes at once stays in the ring, from where it fetches the rest.
          let taken = Array(found.prefix(limits.watchChanges))
          let cursor = taken.count < found.count ? taken.last?.revision ?? last : last
          state.waiters[id] = nil
          wakened.append(
            (waiter.continuation, .delivery(Delivery(changes: taken, cursor: cursor))))
        }
      }
      return wakened
    }
    for (continuation, wakening) in wakened { continuation.resume(returning: wakening) }
  }

  /// Ends all watches, now and later.
  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return state.waiters.values.map(\.continuation)
    }
    for continuation in waiters { continuation.resume(returning: .over) }
  }

  /// The next changes of a scope after a revision; waits while there are none. `nil` when the
  /// calling task is cancelled or the store closed.
  ///
  /// - Parameters:
  ///   - begin: the revision that the watch's last event told of.
  ///   - patience: the revisions after `begin` that may pass without a change of the scope before
  ///     an empty delivery tells how far the store is; `nil` waits for a change.
  /// - Throws: ``StoreError/tooOld(_:oldest:)``, ``StoreError/tooNew(_:current:)``.
  func next(
    after cursor: Int, since begin: Int, in scope: WatchScope, patience: Int?
  ) async throws(StoreError) -> Delivery? {
    var cursor = cursor
    while !Task.isCancelled {
      guard let delivery = try look(after: cursor, in: scope) else { return nil }
      if !delivery.changes.isEmpty { return delivery }
      cursor = delivery.cursor
      if let patience, cursor - begin >= patience { return delivery }
      switch await wait(after: cursor, since: begin, in: scope, patience) {
      case .delivery(let delivery): return delivery
      case .again: continue
      case .over: return nil
      }
    }
    return nil
  }

  /// What the ring has; `nil` when the store is closed.
  private func look(after cursor: Int, in scope: WatchScope) throws(StoreError) -> Delivery? {
    let found: Result<Delivery?, StoreError> = state.withLock { state in
      guard !state.isClosed else { return .success(nil) }
      do throws(StoreError) {
        let (changes, reached) = try state.ring.changes(after: cursor, in: scope)
        return .success(Delivery(changes: changes, cursor: reached))
      } catch {
        return .failure(error)
      }
    }
    return try found.get()
  }

  private func wait(
    after cursor: Int, since begin: Int, in scope: WatchScope, _ patience: Int?
  ) async -> Wakening {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wakening: Wakening? = state.withLock { state in
          // Asked under the lock: a cancellation after it finds the waiter and takes it away.
          if state.isClosed || Task.isCancelled { return .over }
          // Something happened between the look into the ring and now.
          if state.ring.revision != cursor { return .again }
          state.waiters[id] = Waiter(
            scope: scope, cursor: cursor, patience: patience, continuation: continuation,
            begin: begin)
          return nil
        }
        if let wakening { continuation.resume(returning: wakening) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.continuation.resume(returning: .over)
    }
  }
}
