import Libvirt
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConnectionPoolTests {
  /// Says when so many have come, and lets them go together.
  private func users(
    _ count: Int, of pool: ConnectionPool, body: @escaping @Sendable (Connection) async -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { try await pool.use { await body($0) } } }
      try await group.waitForAll()
    }
  }

  @Test func atMostSoManyAreOpenAndNobodyIsForgotten() async throws {
    let pool = ConnectionPool(uri: "test:///default", size: 2)
    let counts = Mutex((now: 0, most: 0, all: 0))
    try await users(20, of: pool) { connection in
      counts.withLock {
        $0.now += 1
        $0.all += 1
        $0.most = max($0.most, $0.now)
      }
      _ = try? await connection.domains()
      counts.withLock { $0.now -= 1 }
    }
    #expect(counts.withLock { $0.most } <= 2)
    #expect(counts.withLock { $0.all } == 20 && counts.withLock { $0.now } == 0)
    await pool.close()
  }

  @Test func aConnectionIsUsedAgainAndALostOneIsNot() async throws {
    let pool = ConnectionPool(uri: "test:///default", size: 1)
    let first = try await pool.use { ObjectIdentifier($0) }
    let second = try await pool.use { connection in
      await connection.close()
      return ObjectIdentifier(connection)
    }
    #expect(first == second)
    #expect(try await pool.use { $0.closeReason } == nil)
    #expect(
      try await pool.use { connection async throws(LibvirtError) in
        try await connection.domain("test").name
      } == "test")
  }

  @Test func whoWaitsCanBeCancelledAndTheNextComesOn() async throws {
    let pool = ConnectionPool(uri: "test:///default", size: 1)
    let (holding, isHolding) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let holder = Task {
      try await pool.use { _ in
        isHolding.finish()
        for await _ in leave {}
      }
    }
    for await _ in holding {}
    let waiter = Task { try await pool.use { _ in } }
    waiter.cancel()
    let error = await #expect(throws: LibvirtError.self) { try await waiter.value }
    #expect(error?.code == .cancelled)
    mayLeave.finish()
    try await holder.value
    try await pool.use { _ in }
  }

  @Test func aPoolWithoutADaemonSaysSoEachTime() async throws {
    let pool = ConnectionPool(uri: "test+unix:///default?socket=/nonexistent/sock", size: 1)
    for _ in 0..<3 {
      let error = await #expect(throws: LibvirtError.self) { try await pool.use { _ in } }
      #expect(error?.code == .systemError)
    }
  }
}
