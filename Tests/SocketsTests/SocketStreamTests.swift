import Glibc
import Sockets
import TestSockets
import Testing

/// A connection of which the test holds the other end.
@Suite struct SocketStreamTests {
  @Test func bytesComeAndTheEndToo() async throws {
    let listener = try UnixListener()
    let stream = try await SocketStream.connect(to: listener.path)
    async let first = stream.read(100)
    let end = await listener.answer("hello")
    #expect(String(decoding: try await first, as: UTF8.self) == "hello")
    close(end)
    #expect(try await stream.read(100).isEmpty)
  }

  @Test func whatIsReadTakesNoRoomForWhatMayCome() async throws {
    let listener = try UnixListener()
    let stream = try await SocketStream.connect(to: listener.path)
    let end = await listener.answer("hello")
    #expect(try await stream.read(64 << 10).capacity < 1024)
    close(end)
  }

  @Test func writeToNobodyFails() async throws {
    let listener = try UnixListener()
    let stream = try await SocketStream.connect(to: listener.path)
    close(await listener.answer(""))
    await #expect(throws: SocketError.self) {
      try await stream.write([UInt8](repeating: 0, count: 1 << 20))
    }
  }

  @Test(arguments: 0..<20)
  func cancelledWaitEnds(_ round: Int) async throws {
    let listener = try UnixListener()
    let stream = try await SocketStream.connect(to: listener.path)
    let task = Task { try await stream.read(1) }
    // Before, while or after it begins to wait.
    for _ in 0..<round { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }

  @Test func fullQueueIsWaitedForUntilCancelled() async throws {
    let listener = try UnixListener(backlog: 0)
    let path = listener.path
    let first = try await SocketStream.connect(to: path)
    let second = Task { try await SocketStream.connect(to: path) }
    second.cancel()
    // It may have got a place; if not, it does not wait on.
    _ = await second.result
    withExtendedLifetime(first) {}
  }

  @Test func pathThatIsTooLongIsSaid() async throws {
    let path = "/tmp/\(String(repeating: "a", count: 200))"
    do {
      _ = try await SocketStream.connect(to: path)
      Issue.record("connected")
    } catch let error as SocketError {
      #expect(error.reason == "file name too long")
    }
  }
}
