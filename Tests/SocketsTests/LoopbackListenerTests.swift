import Addresses
import Sockets
import TestSockets
import Testing

/// A port of the loopback.
@Suite struct LoopbackListenerTests {
  private func connect(_ listener: LoopbackListener) throws -> SocketStream {
    let address = try #require(IPAddress("127.0.0.1"))
    return try SocketStream.connect(to: address, port: Int(listener.port))
  }

  @Test func bothDirectionsCarryBytes() async throws {
    let listener = try LoopbackListener(port: 0)
    async let accepted = listener.accept()
    let client = try connect(listener)
    let (server, port) = try await accepted
    #expect(port != 0 && port != listener.port)
    // Both at once, more than the kernel holds.
    let bytes = [UInt8](repeating: 0x61, count: 4 << 20)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for (from, to) in [(client, server), (server, client)] {
        group.addTask {
          try await from.write(bytes)
          return 0
        }
        group.addTask {
          var count = 0
          while count < bytes.count { count += try await to.read(64 << 10).count }
          return count
        }
      }
      let counts = try await group.reduce(into: []) { $0.append($1) }
      #expect(counts.sorted() == [0, 0, bytes.count, bytes.count])
    }
  }

  @Test func portThatIsTakenIsRefused() throws {
    let listener = try LoopbackListener(port: 0)
    let error = #expect(throws: SocketError.self) {
      _ = try LoopbackListener(port: listener.port)
    }
    #expect(error?.reason == "address already in use")
  }

  @Test func cancelledWaitEnds() async throws {
    let listener = try LoopbackListener(port: 0)
    let task = Task { _ = try await listener.accept() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
