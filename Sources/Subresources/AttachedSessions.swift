import Synchronization

/// Who is attached to what, one at a time: whoever comes takes it from who is there (KubeVirt,
/// pkg/virt-handler/rest/console.go).
final class AttachedSessions: Sendable {
  /// What one can be attached to.
  struct Place: Hashable {
    /// The instance's UID.
    var instance: String
    /// Its console or its screen.
    var request: String
  }

  private let current = Mutex<[Place: AttachedSession]>([:])

  /// Whether somebody is attached.
  func isTaken(_ place: Place) -> Bool { current.withLock { $0[place] != nil } }

  /// Attaches a client, once who was there before is gone.
  ///
  /// - Returns: what holds the place for as long as it lives, or runs.
  func take(_ place: Place) async -> AttachedSession.Hold {
    let session = AttachedSession { [weak self] session in
      guard let self else { return }
      current.withLock { current in
        if current[place] === session { current[place] = nil }
      }
    }
    while true {
      let former = current.withLock { current in
        if let former = current[place] { return Optional(former) }
        current[place] = session
        return nil
      }
      guard let former else { return AttachedSession.Hold(session) }
      await former.end()
    }
  }
}

/// A client that is attached, or is about to be.
final class AttachedSession: Sendable {
  private struct State {
    var task: Task<Void, any Error>?
    var isEnding = false
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private let onEnd: @Sendable (AttachedSession) -> Void

  init(onEnd: @escaping @Sendable (AttachedSession) -> Void) {
    self.onEnd = onEnd
  }

  /// Has the session end, and returns when it has.
  func end() async {
    let task = state.withLock { state in
      state.isEnding = true
      return state.task
    }
    task?.cancel()
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  private func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
    defer { release() }
    let task = Task { try await body() }
    let isEnding = state.withLock { state in
      state.task = task
      return state.isEnding
    }
    if isEnding { task.cancel() }
    try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  private func release() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [] }
      return state.waiters
    }
    onEnd(self)
    for waiter in waiters { waiter.resume() }
  }

  /// A session that is not over. A client that is gone before it was attached lets go of it too.
  final class Hold: Sendable {
    private let session: AttachedSession

    init(_ session: AttachedSession) {
      self.session = session
    }

    deinit { session.release() }

    /// Does what the client is attached for; it is cancelled when another takes the place.
    ///
    /// - Throws: what `body` throws.
    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
      try await session.run(body)
    }
  }
}
