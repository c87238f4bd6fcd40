import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, a closed terminal, a polite kill, and the end of whoever reads the output, turned into the
/// cancellation of what is being done.
final class Interruption: Sendable {
  private struct State {
    var reason: Failure?
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Kept alive here and touched by nobody.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  init() {
    // What is written to a pipe that nobody reads becomes an error, and the error a reason to end.
    signal(SIGPIPE, SIG_IGN)
    sources = [SIGINT, SIGQUIT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [weak self] in
        self?.interrupt(because: Failure(.interrupted, "interrupted"))
      }
      source.activate()
    }
  }

  /// Whether it has happened.
  var happened: Bool { reason != nil }

  /// Why it has happened; the first of several reasons.
  var reason: Failure? { state.withLock(\.reason) }

  /// Throws when it has happened.
  func check() throws {
    if let reason { throw reason }
  }

  /// Runs `body`, cancelled when it happens.
  func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value)
    async throws -> Value
  {
    let task = Task { try await body() }
    let already = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.reason != nil
    }
    if already { task.cancel() }
    do {
      return try await task.value
    } catch {
      // Whatever the cancelled work says of its end, this is why it ended.
      try check()
      throw error
    }
  }

  /// Makes it happen.
  func interrupt(because reason: Failure) {
    let cancel = state.withLock { state in
      if state.reason == nil { state.reason = reason }
      return state.cancel
    }
    cancel?()
  }
}
