import NIOCore
import Synchronization

/// A connection, as the server reaches it from outside its event loop.
struct ConnectionReference: Sendable {
  let channel: any Channel
  /// Ends it as soon as it owes no answer.
  let end: @Sendable () -> Void

  func abort() { channel.close(promise: nil) }
}

/// The connections that are open and the requests that are being answered, which are limited.
final class ConnectionCensus: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: ConnectionReference] = [:]
    var requests = 0
    var isClosed = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard connections.isEmpty else { return [] }
      defer { waiters = [] }
      return waiters
    }
  }

  private let state = Mutex(State())
  private let limits: HTTPLimits

  init(limits: HTTPLimits) {
    self.limits = limits
  }

  var connections: Int { state.withLock { $0.connections.count } }

  var open: [ConnectionReference] { state.withLock { Array($0.connections.values) } }

  /// Whether the connection is one too many.
  func enter(_ connection: ConnectionReference) -> Bool {
    state.withLock { state in
      state.connections[ObjectIdentifier(connection.channel)] = connection
      return state.isClosed || state.connections.count > limits.connections
    }
  }

  func leave(_ channel: any Channel) {
    let waiters = state.withLock { state in
      state.connections[ObjectIdentifier(channel)] = nil
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Whether one more request may be answered; then it counts until ``endRequest()``.
  func beginRequest() -> Bool {
    state.withLock { state in
      guard state.requests < limits.requests else { return false }
      state.requests += 1
      return true
    }
  }

  func endRequest() { state.withLock { $0.requests -= 1 } }

  /// Takes no new connections, and tells those that are open.
  func close() -> [ConnectionReference] {
    state.withLock { state in
      state.isClosed = true
      return Array(state.connections.values)
    }
  }

  /// Waits until no connection is open. The channels' ends are certain: who calls aborts them.
  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let waiters = state.withLock { state in
        state.waiters.append(continuation)
        return state.takeWaiters()
      }
      for waiter in waiters { waiter.resume() }
    }
  }
}
