import Glibc
import HTTPService
import Testing

@testable import Client

/// What well-behaved clients get.
@Suite struct ExchangeTests {
  private func echo() async throws -> TestServer {
    try await TestServer { request in
      HTTPResponse(
        fields: ["Content-Type": "text/plain"],
        body: .bytes(Array("\(request.method) \(request.target) \(request.body.count)".utf8)))
    }
  }

  @Test(arguments: [
    ("GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /a?b=c 0"),
    ("GET /a HTTP/1.0\r\n\r\n", "GET /a 0"),
    (
      "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
      "POST /a 5"
    ),
    (
      "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n", "POST /a 7"
    ),
    ("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", ""),
  ])
  func oneRequest(_ request: String, _ body: String) async throws {
    let server = try await echo()
    let answer = try await server.exchange(request)
    #expect(answer.status == 200)
    #expect(answer.body == body)
    #expect(answer.contains("Date: "))
    await server.server.stop()
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    let server = try await echo()
    let answer = try await server.exchange(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
        + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let bodies = answer.split(separator: "HTTP/1.1 200 OK").map { String($0).body }
    #expect(bodies == ["GET /1 0", "POST /2 2", "GET /3 0"])
    await server.server.stop()
  }

  @Test func connectionServesOneRequestAfterTheOther() async throws {
    let server = try await echo()
    let stream = try await UnixStream.connect(to: server.path)
    for number in 1...3 {
      try await stream.write(Array("GET /\(number) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      #expect(try await stream.text(until: "GET /\(number) 0").status == 200)
    }
    #expect(server.server.connections == 1)
    await server.server.stop()
  }

  @Test func bodyIsAskedForWhenTheClientWaitsForThat() async throws {
    let server = try await echo()
    let stream = try await UnixStream.connect(to: server.path)
    let head = "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    try await stream.write(Array(head.utf8))
    #expect(try await stream.text(until: "\r\n\r\n").status == 100)
    try await stream.write(Array("abc".utf8))
    #expect(try await stream.text(until: "POST /a 3").status == 200)
    await server.server.stop()
  }

  @Test func partOfAFileIsSent() async throws {
    let server = try await TestServer { _ in
      let descriptor = open("/proc/self/exe", O_RDONLY)
      return HTTPResponse(body: .file(descriptor: descriptor, offset: 1, length: 3))
    }
    let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
    #expect(answer.body == "ELF")
    #expect(answer.contains("Content-Length: 3\r\n"))
    await server.server.stop()
  }

  @Test func largeAnswerComesWhole() async throws {
    let server = try await TestServer { _ in
      HTTPResponse(body: .bytes([UInt8](repeating: 0x61, count: 3_000_000)))
    }
    let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
    #expect(answer.body.utf8.count == 3_000_000)
    await server.server.stop()
  }

  @Test func errorOfTheHandlerIsA500() async throws {
    struct Trouble: Error {}
    let server = try await TestServer { _ in throw Trouble() }
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n").status == 500)
    await server.server.stop()
  }

  @Test func clientIsKnown() async throws {
    let server = try await TestServer { request in
      HTTPResponse(
        status: 200, text: "\(request.peer?.user ?? 0) \(request.peer?.process ?? 0)")
    }
    let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
    #expect(answer.body == "\(getuid()) \(getpid())\n")
    await server.server.stop()
  }

  @Test func strangersGetNoAnswer() async throws {
    let server = try await TestServer(users: [getuid() + 1]) { _ in HTTPResponse() }
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n") == "")
    await server.server.stop()
  }

  @Test func tcpPortIsServed() async throws {
    let server = try await HTTPServer.start(on: .tcp(address: "127.0.0.1", port: 0)) { _ in
      HTTPResponse()
    }
    #expect(server.port > 0)
    await server.stop()
  }

  @Test func addressThatCannotBeListenedOnIsNamed() async throws {
    await #expect(throws: HTTPServerError.self) {
      _ = try await HTTPServer.start(on: .unix(path: "/nonexistent/socket", users: [])) { _ in
        HTTPResponse()
      }
    }
  }
}
