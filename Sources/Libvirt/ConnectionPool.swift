/// Connections to one libvirtd, so that calls on several machines run beside each other, and one that
/// hangs holds up no other. A connection that was lost is replaced by the next call.
package actor ConnectionPool {
  private let uri: String
  private let size: Int
  private let timeLimit: Duration
  private var idle: [Connection] = []
  private var inUse = 0
  private var waiters: [(number: Int, turn: FirstResult<Void>)] = []
  private var count = 0

  /// A pool; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - size: how many connections there are at most.
  ///   - timeLimit: how long each call may take.
  package init(uri: String, size: Int = 4, timeLimit: Duration = .seconds(60)) {
    self.uri = uri
    self.size = max(1, size)
    self.timeLimit = timeLimit
  }

  /// Lends a connection; waits while all are in use.
  ///
  /// - Throws: `LibvirtError`, also when none can be opened or the task is cancelled, and what `body`
  ///   throws.
  package nonisolated func use<Value: Sendable>(
    _ body: @Sendable (Connection) async throws(LibvirtError) -> Value
  ) async throws(LibvirtError) -> Value {
    let connection = try await take()
    do throws(LibvirtError) {
      let value = try await body(connection)
      await give(back: connection)
      return value
    } catch {
      await give(back: connection)
      throw error
    }
  }

  /// Closes the connections that are not in use.
  package func close() async {
    let connections = idle
    idle = []
    for connection in connections { await connection.close() }
  }

  private func take() async throws(LibvirtError) -> Connection {
    if inUse >= size { try await waitForTurn() } else { inUse += 1 }
    while let connection = idle.popLast() {
      if connection.closeReason == nil { return connection }
    }
    do throws(LibvirtError) {
      return try await Connection.open(uri: uri, timeLimit: timeLimit)
    } catch {
      pass()
      throw error
    }
  }

  /// Returns when another's place was handed over.
  private func waitForTurn() async throws(LibvirtError) {
    count += 1
    let number = count
    let turn = FirstResult<Void>()
    waiters.append((number, turn))
    if await turn.value() != nil { return }
    let hasTurn = !waiters.contains { $0.number == number }
    waiters.removeAll { $0.number == number }
    // It came as the task was cancelled.
    if hasTurn { pass() }
    throw LibvirtError.cancelled("virConnectOpen")
  }

  private func give(back connection: Connection) {
    if connection.closeReason == nil { idle.append(connection) }
    pass()
  }

  /// A place is free: the next gets it.
  private func pass() {
    if waiters.isEmpty { inUse -= 1 } else { waiters.removeFirst().turn.settle(()) }
  }
}
