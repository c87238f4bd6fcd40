import Glibc
import TestSockets
import Testing

@testable import Client

/// Answers of a server of which the test is the other end.
@Suite struct HTTPExchangeTests {
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
    let listener = try UnixListener()
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
    let listener = try UnixListener()
    let task = Task { [path = listener.path] in
      var exchange = try await HTTPExchange(socket: path, method: "GET", target: "/")
      return try await exchange.body()
    }
    close(await listener.answer(answer, toRequest: true))
    await #expect(throws: (any Error).self) { _ = try await task.value }
  }
}
