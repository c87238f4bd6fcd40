import Addresses
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
  /// What becomes of a new connection.
  enum Admission: Equatable {
    case admitted
    /// It is one too many, and is told why.
    case refused(String)
    /// Too many are being told already.
    case turnedAway
  }

  private struct Entry {
    let connection: ConnectionReference
    let client: IPAddress?
    let isAdmitted: Bool
  }

  private struct State {
    var entries: [ObjectIdentifier: Entry] = [:]
    var admitted = 0
    var admittedOfClient: [IPAddress: Int] = [:]
    var requests = 0
    var isClosed = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard entries.isEmpty else { return [] }
      defer { waiters = [] }
      return waiters
    }

    mutating func count(_ entry: Entry, _ change: Int) {
      guard entry.isAdmitted else { return }
      admitted += change
      guard let client = entry.client else { return }
      let count = admittedOfClient[client, default: 0] + change
      admittedOfClient[client] = count == 0 ? nil : count
    }
  }

  private let state = Mutex(State())
  private let limits: HTTPLimits

  init(limits: HTTPLimits) {
    self.limits = limits
  }

  var connections: Int { state.withLock { $0.entries.count } }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  var open: [ConnectionReference] { state.withLock { $0.entries.values.map(\.connection) } }

  /// Notes a connection until ``leave(_:)``.
  ///
  /// - Parameters:
  ///   - client: its IP address; `nil` for a unix socket.
  ///   - isOwnHost: whether that is the server's own.
  func enter(
    _ connection: ConnectionReference, client: IPAddress?, isOwnHost: Bool
  ) -> Admission {
    state.withLock { state in
      let admission = admission(in: state, client, isOwnHost)
      let entry = Entry(
        connection: connection, client: client, isAdmitted: admission == .admitted)
      state.entries[ObjectIdentifier(connection.channel)] = entry
      state.count(entry, 1)
      return admission
    }
  }

  private func admission(in state: State, _ client: IPAddress?, _ isOwnHost: Bool) -> Admission {
    let ofClient = client.map { state.admittedOfClient[$0, default: 0] } ?? 0
    let most = isOwnHost ? limits.connections / 2 : limits.connectionsOfClient
    if !state.isClosed, state.admitted < limits.connections, client == nil || ofClient < most {
      return .admitted
    }
    guard state.entries.count - state.admitted < limits.refusals else { return .turnedAway }
    return .refused(
      state.isClosed
        ? "the server ends"
        : state.admitted < limits.connections
          ? "your address has \(most) connections already; end one or try again later"
          : "there are \(limits.connections) connections already; try again later")
  }

  func leave(_ channel: any Channel) {
    let waiters = state.withLock { state in
      if let entry = state.entries.removeValue(forKey: ObjectIdentifier(channel)) {
        state.count(entry, -1)
      }
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
      return state.entries.values.map(\.connection)
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
