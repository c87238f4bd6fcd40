import Synchronization

/// A value that is set once, and whoever waits for it. A wait ends with the waiting task too.
final class FirstResult<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
    var count = 0
  }

  private let state = Mutex(State())

  /// Sets the value, unless there is one.
  func settle(_ value: Value) {
    let waiters = state.withLock { state in
      guard state.value == nil else { return [CheckedContinuation<Value?, Never>]() }
      state.value = value
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// The value, once it is there.
  var settled: Value? { state.withLock { $0.value } }

  /// The value, waited for; `nil` when the waiting task is cancelled before.
  func value() async -> Value? {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let isOver = state.withLock { state in
          if state.value != nil || Task.isCancelled { return true }
          state.waiters[number] = waiter
          return false
        }
        if isOver { waiter.resume(returning: settled) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
    }
  }
}
