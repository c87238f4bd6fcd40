import Objects

/// The keys that a controller has to look at (client-go, util/workqueue).
///
/// A key that is added many times is handed out once. One that is being worked on is handed out to
/// nobody else; if it is added meanwhile, it comes again afterwards.
actor WorkQueue {
  private let clock: any ControllerClock
  private let backoff: Backoff
  private var ready: [ObjectKey] = []
  /// Keys that are ready, or will be when those who work on them are done.
  private var dirty: Set<ObjectKey> = []
  private var working: Set<ObjectKey> = []
  private var failures: [ObjectKey: Int] = [:]
  /// When keys come by themselves, by the clock's uptime.
  private var due: [ObjectKey: Duration] = [:]
  private var timer: (due: Duration, task: Task<Void, Never>)?
  private var waiters: [(id: Int, continuation: CheckedContinuation<ObjectKey?, Never>)] = []
  private var lastWaiter = 0
  private var isClosed = false

  /// How long a key waits after failures.
  struct Backoff: Sendable {
    /// After the second failure in a row; after the first a key comes at once.
    var shortest: Duration = .milliseconds(5)
    /// After many.
    var longest: Duration = .seconds(30)

    func delay(afterFailures count: Int) -> Duration {
      guard count > 1 else { return .zero }
      return min(longest, shortest * (1 << min(count - 2, 20)))
    }
  }

  init(clock: any ControllerClock, backoff: Backoff = Backoff()) {
    self.clock = clock
    self.backoff = backoff
  }

  deinit { timer?.task.cancel() }

  /// The keys that nobody works on yet.
  var count: Int { ready.count }

  /// Adds a key.
  func add(_ key: ObjectKey) {
    guard !isClosed, dirty.insert(key).inserted, !working.contains(key) else { return }
    offer(key)
  }

  /// Adds a key when the clock's uptime is so much. Of several times the first counts.
  func add(_ key: ObjectKey, at time: Duration) {
    if time > clock.uptime { schedule(key, at: time) } else { add(key) }
  }

  private func schedule(_ key: ObjectKey, at time: Duration) {
    guard !isClosed, due[key].map({ time < $0 }) ?? true else { return }
    due[key] = time
    setTimer()
  }

  /// Forgets when a key was to come by itself: its next look says when anew.
  func cancelDelay(_ key: ObjectKey) { due[key] = nil }

  /// The next key to work on; `nil` when the queue is closed or the task is cancelled. Whoever takes
  /// a key says ``done(_:hasFailed:)`` afterwards.
  func next() async -> ObjectKey? {
    guard !isClosed, !Task.isCancelled else { return nil }
    if let key = ready.first {
      ready.removeFirst()
      return take(key)
    }
    lastWaiter += 1
    let id = lastWaiter
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // A cancellation before this was for nobody yet.
        if Task.isCancelled {
          continuation.resume(returning: nil)
        } else {
          waiters.append((id, continuation))
        }
      }
    } onCancel: {
      Task { await self.cancelWaiter(id) }
    }
  }

  /// A key has been worked on.
  func done(_ key: ObjectKey, hasFailed: Bool = false) {
    working.remove(key)
    if hasFailed {
      let count = (failures[key] ?? 0) + 1
      failures[key] = count
      let delay = backoff.delay(afterFailures: count)
      if delay > .zero { schedule(key, at: clock.uptime + delay) } else { dirty.insert(key) }
    } else {
      failures[key] = nil
    }
    if dirty.contains(key), !isClosed { offer(key) }
  }

  /// Whoever waits for a key gets none.
  func close() {
    isClosed = true
    timer?.task.cancel()
    timer = nil
    let waiters = self.waiters
    self.waiters = []
    for waiter in waiters { waiter.continuation.resume(returning: nil) }
  }

  private func offer(_ key: ObjectKey) {
    guard !waiters.isEmpty else { return ready.append(key) }
    let waiter = waiters.removeFirst()
    waiter.continuation.resume(returning: take(key))
  }

  private func take(_ key: ObjectKey) -> ObjectKey {
    dirty.remove(key)
    working.insert(key)
    return key
  }

  private func cancelWaiter(_ id: Int) {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: index).continuation.resume(returning: nil)
  }

  private func setTimer() {
    guard let first = due.values.min() else { return }
    if let timer, timer.due <= first { return }
    timer?.task.cancel()
    let clock = self.clock
    let task = Task { [weak self] in
      do {
        try await clock.sleep(until: first)
      } catch {
        return
      }
      await self?.ring(first)
    }
    timer = (first, task)
  }

  private func ring(_ time: Duration) {
    if timer?.due == time { timer = nil }
    for (key, _) in due.filter({ $0.value <= time }).sorted(by: { $0.key < $1.key }) {
      due[key] = nil
      add(key)
    }
    setTimer()
  }
}
