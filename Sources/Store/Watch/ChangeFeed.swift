import Objects
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
    /// The revisions at which the watches of a kind were ended.
    var ends: [GroupResource: [Int]] = [:]

    /// The revision at which watches of a scope end that began after some ends of its kind; `nil` of
    /// those that go on.
    func end(of scope: WatchScope, after count: Int) -> Int? {
      guard let resource = scope.resource, let ends = ends[resource], count < ends.count else {
        return nil
      }
      return ends[count]
    }
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

  /// How often the watches of a scope's kind were ended.
  func ends(of scope: WatchScope) -> Int {
    state.withLock { state in scope.resource.flatMap { state.ends[$0]?.count } ?? 0 }
  }

  /// Ends the watches of a kind when they have told what has happened up to now.
  func end(_ resource: GroupResource) {
    let waiters = state.withLock { state in
      state.ends[resource, default: []].append(state.ring.revision)
      let ended = state.waiters.filter { $0.value.scope.resource == resource }
      for id in ended.keys { state.waiters[id] = nil }
      return ended.values.map(\.continuation)
    }
    for continuation in waiters { continuation.resume(returning: .over) }
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
  /// calling task is cancelled, the store closed or the watches of the kind are ended.
  ///
  /// - Parameters:
  ///   - ends: how often those had been ended when the watch began.
  ///   - begin: the revision that the watch's last event told of.
  ///   - patience: the revisions after `begin` that may pass without a change of the scope before
  ///     an empty delivery tells how far the store is; `nil` waits for a change.
  /// - Throws: ``StoreError/tooOld(_:oldest:)``, ``StoreError/tooNew(_:current:)``.
  func next(
    after cursor: Int, since begin: Int, in scope: WatchScope, patience: Int?, ends: Int = 0
  ) async throws(StoreError) -> Delivery? {
    var cursor = cursor
    while !Task.isCancelled {
      guard let delivery = try look(after: cursor, in: scope, ends) else { return nil }
      if !delivery.changes.isEmpty { return delivery }
      cursor = delivery.cursor
      if let patience, cursor - begin >= patience { return delivery }
      switch await wait(after: cursor, since: begin, in: scope, patience, ends) {
      case .delivery(let delivery): return delivery
      case .again: continue
      case .over: return nil
      }
    }
    return nil
  }

  /// What the ring has; `nil` when the watch is over.
  private func look(
    after cursor: Int, in scope: WatchScope, _ ends: Int
  ) throws(StoreError) -> Delivery? {
    let found: Result<Delivery?, StoreError> = state.withLock { state in
      let end = state.end(of: scope, after: ends)
      guard !state.isClosed, end.map({ cursor < $0 }) ?? true else { return .success(nil) }
      do throws(StoreError) {
        var (changes, reached) = try state.ring.changes(after: cursor, in: scope)
        if let end {
          changes = changes.filter { $0.revision <= end }
          reached = min(reached, end)
          guard !changes.isEmpty else { return .success(nil) }
        }
        return .success(Delivery(changes: changes, cursor: reached))
      } catch {
        return .failure(error)
      }
    }
    return try found.get()
  }

  private func wait(
    after cursor: Int, since begin: Int, in scope: WatchScope, _ patience: Int?, _ ends: Int
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
          if state.end(of: scope, after: ends) != nil { return .again }
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
