import Glibc
import Synchronization
import UnixSignals

/// Ctrl-C, a closed terminal, a polite kill, and the end of whoever reads the output, turned into the
/// cancellation of what is being done.
package final class Interruption: Sendable {
  private struct State {
    var reason: (any Error)?
    var cancel: (@Sendable () -> Void)?
    var listening: Task<Void, Never>?
  }

  private let state = Mutex(State())

  /// Takes the process's signals from now on.
  package init() async {
    // What is written to a pipe that nobody reads becomes an error, and the error a reason to end.
    signal(SIGPIPE, SIG_IGN)
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigquit, .sigterm, .sighup)
    let listening = Task { [weak self] in
      for await _ in signals {
        self?.interrupt(because: LabHostError(.interrupted, "interrupted"))
      }
    }
    state.withLock { $0.listening = listening }
  }

  deinit { state.withLock { $0.listening }?.cancel() }

  /// Whether it has happened.
  package var happened: Bool { reason != nil }

  /// Why it has happened; the first of several reasons.
  package var reason: (any Error)? { state.withLock(\.reason) }

  /// Throws the reason when it has happened.
  package func check() throws {
    if let reason { throw reason }
  }

  /// Runs `body`, cancelled when it happens.
  package func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value)
    async throws -> Value
  {
    let (beginning, begin) = AsyncStream<Never>.makeStream()
    let task = Task {
      // Not before it can be cancelled.
      for await _ in beginning {}
      return try await body()
    }
    let already = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.reason != nil
    }
    if already { task.cancel() }
    begin.finish()
    do {
      return try await task.value
    } catch {
      // Whatever the cancelled work says of its end, this is why it ended.
      try check()
      throw error
    }
  }

  /// Makes it happen.
  package func interrupt(because reason: any Error) {
    let cancel = state.withLock { state in
      if state.reason == nil { state.reason = reason }
      return state.cancel
    }
    cancel?()
  }
}
