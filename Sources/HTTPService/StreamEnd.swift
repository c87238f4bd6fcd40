import Synchronization

/// Ends the stream that a connection is sending, now or as soon as it begins one.
final class StreamEnd: Sendable {
  private struct State {
    var task: Task<Void, any Error>?
    var isOver = false
  }

  private let state = Mutex(State())

  /// Takes the task that sends the stream.
  func begin(_ task: Task<Void, any Error>) {
    let isOver = state.withLock { state in
      state.task = task
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  /// The stream has ended.
  func done() { state.withLock { $0.task = nil } }

  /// Ends the stream, and every later one.
  func end() {
    let task = state.withLock { state in
      state.isOver = true
      return state.task
    }
    task?.cancel()
  }
}
