import Reconciliation
import Synchronization

@testable import Controllers

/// A clock that stands still until a test moves it.
final class ManualClock: ControllerClock {
  private struct Sleeper {
    let id: Int
    let due: Duration
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var uptime = Duration.zero
    var sleepers: [Sleeper] = []
    var lastID = 0
    var cancelled: Set<Int> = []
  }

  private static let start = 1_764_440_028
  private let state = Mutex(State())

  var uptime: Duration { state.withLock { $0.uptime } }

  var now: Timestamp {
    Timestamp(seconds: Self.start + Int(uptime.components.seconds))
  }

  /// The times that tasks wait for, sorted.
  var sleeps: [Duration] { state.withLock { $0.sleepers.map(\.due).sorted() } }

  func sleep(until uptime: Duration) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Void, any Error>? = state.withLock { state in
          if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
          if state.uptime >= uptime { return .success(()) }
          state.sleepers.append(Sleeper(id: id, due: uptime, continuation: continuation))
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Lets time go by, and wakes whoever waited for it.
  func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.uptime += duration
      let now = state.uptime
      let woken = state.sleepers.filter { $0.due <= now }
      state.sleepers.removeAll { $0.due <= now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }
}

/// Lets other tasks run until something holds.
func until(_ holds: () async -> Bool) async {
  while !(await holds()), !Task.isCancelled { await Task.yield() }
}
