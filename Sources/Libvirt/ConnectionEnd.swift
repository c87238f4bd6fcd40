import Synchronization

/// Whether a connection has come to its end, and who is to be told of that.
final class ConnectionEnd: Sendable {
  private struct State {
    var reason: CloseReason?
    var observers: [Int: @Sendable (CloseReason) -> Void] = [:]
    var count = 0
  }

  private let state = Mutex(State())

  /// Why it has ended; `nil` while it is of use.
  var reason: CloseReason? { state.withLock { $0.reason } }

  /// It has ended. The first reason counts.
  func happened(_ reason: CloseReason) {
    let observers = state.withLock { state in
      guard state.reason == nil else { return [@Sendable (CloseReason) -> Void]() }
      state.reason = reason
      defer { state.observers = [:] }
      return Array(state.observers.values)
    }
    for observer in observers { observer(reason) }
  }

  /// Calls `observer` once, at the end: at once when that has been.
  ///
  /// - Returns: what ``forget(_:)`` takes.
  func observe(_ observer: @escaping @Sendable (CloseReason) -> Void) -> Int {
    let (number, reason) = state.withLock { state in
      state.count += 1
      if state.reason == nil { state.observers[state.count] = observer }
      return (state.count, state.reason)
    }
    if let reason { observer(reason) }
    return number
  }

  /// An observer is not to be called any more.
  func forget(_ number: Int) {
    state.withLock { _ = $0.observers.removeValue(forKey: number) }
  }
}
