import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and a polite kill, turned into the cancellation of what is being done.
final class Interruption: Sendable {
  private struct State {
    var happened = false
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Kept alive here and touched by nobody.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [weak self] in self?.interrupt() }
      source.activate()
    }
  }

  /// Whether it has happened.
  var happened: Bool { state.withLock(\.happened) }

  /// Throws when it has happened.
  func check() throws {
    if happened { throw Failure(.interrupted, "interrupted") }
  }

  /// Runs `body`, cancelled when it happens.
  func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value)
    async throws -> Value
  {
    let task = Task { try await body() }
    let already = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.happened
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

  private func interrupt() {
    let cancel = state.withLock { state in
      state.happened = true
      return state.cancel
    }
    cancel?()
  }
}
