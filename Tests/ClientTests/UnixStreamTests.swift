import FileSystem
import Glibc
import Testing

@testable import Client

/// A connection of which the test holds the other end.
@Suite struct UnixStreamTests {
  /// A socket that listens, and its folder, which goes with the test.
  private final class Listener: Sendable {
    let folder: String
    let descriptor: Int32
    var path: String { "\(folder)/socket" }

    init(backlog: Int32 = 8) throws {
      folder = try Files.makeUniqueFolder("/tmp/pxelab-client-test.")
      descriptor = socket(
        AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/socket".utf8) }
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(bound == 0)
      try #require(listen(descriptor, backlog) == 0)
    }

    deinit {
      close(descriptor)
      try? Files.remove(folder)
    }

    /// The other end of a connection, with a text written to it, after a request was read if there
    /// is to be one.
    func answer(_ text: String, toRequest: Bool = false) async -> Int32 {
      var end = accept(descriptor, nil, nil)
      while end < 0 {
        await Task.yield()
        end = accept(descriptor, nil, nil)
      }
      var request = [UInt8](repeating: 0, count: 4096)
      while toRequest, recv(end, &request, request.count, Int32(MSG_DONTWAIT)) <= 0 {
        await Task.yield()
      }
      #expect(text.utf8.count == send(end, text, text.utf8.count, Int32(MSG_NOSIGNAL)))
      return end
    }
  }

  @Test func bytesComeAndTheEndToo() async throws {
    let listener = try Listener()
    let stream = try await UnixStream.connect(to: listener.path)
    async let first = stream.read(100)
    let end = await listener.answer("hello")
    #expect(String(decoding: try await first, as: UTF8.self) == "hello")
    close(end)
    #expect(try await stream.read(100).isEmpty)
  }

  @Test func writeToNobodyFails() async throws {
    let listener = try Listener()
    let stream = try await UnixStream.connect(to: listener.path)
    close(await listener.answer(""))
    await #expect(throws: UnixStream.Failure.self) {
      try await stream.write([UInt8](repeating: 0, count: 1 << 20))
    }
  }

  @Test(arguments: 0..<20)
  func cancelledWaitEnds(_ round: Int) async throws {
    let listener = try Listener()
    let stream = try await UnixStream.connect(to: listener.path)
    let task = Task { try await stream.read(1) }
    // Before, while or after it begins to wait.
    for _ in 0..<round { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }

  @Test func fullQueueIsWaitedForUntilCancelled() async throws {
    let listener = try Listener(backlog: 0)
    let path = listener.path
    let first = try await UnixStream.connect(to: path)
    let second = Task { try await UnixStream.connect(to: path) }
    second.cancel()
    // It may have got a place; if not, it does not wait on.
    _ = await second.result
    withExtendedLifetime(first) {}
  }

  @Test func pathThatIsTooLongIsSaid() async throws {
    let path = "/tmp/\(String(repeating: "a", count: 200))"
    do {
      _ = try await UnixStream.connect(to: path)
      Issue.record("connected")
    } catch let error as UnixStream.Failure {
      #expect(error.reason == "file name too long")
    }
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
      "hello"
    ),
    ("HTTP/1.1 200 OK\r\n\r\nhello", "hello"),
    ("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", ""),
  ])
  func bodyIsFramed(_ answer: String, _ body: String) async throws {
    let listener = try Listener()
    async let result = {
      var exchange = try await HTTPExchange(socket: listener.path, method: "GET", target: "/")
      return try await exchange.body()
    }()
    close(await listener.answer(answer, toRequest: true))
    #expect(String(decoding: try await result, as: UTF8.self) == body)
  }

  @Test(arguments: [
    "", "nonsense\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 x OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
  ])
  func brokenAnswerIsAnError(_ answer: String) async throws {
    let listener = try Listener()
    let task = Task { [path = listener.path] in
      var exchange = try await HTTPExchange(socket: path, method: "GET", target: "/")
      return try await exchange.body()
    }
    close(await listener.answer(answer, toRequest: true))
    await #expect(throws: (any Error).self) { _ = try await task.value }
  }
}
