import Addresses
import FileSystem
import Foundation
import Glibc
import HTTPService
import Sockets
import Synchronization
import TestSockets
import Testing

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
    let stream = try await SocketStream.connect(to: server.path)
    for number in 1...3 {
      try await stream.write(Array("GET /\(number) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      #expect(try await stream.text(until: "GET /\(number) 0").status == 200)
    }
    #expect(server.server.connections == 1)
    await server.server.stop()
  }

  @Test func bodyIsAskedForWhenTheClientWaitsForThat() async throws {
    let server = try await echo()
    let stream = try await SocketStream.connect(to: server.path)
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
        status: 200, text: "\(request.peer.map { "\($0)" } ?? "nobody")")
    }
    let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
    #expect(answer.body == "process \(getpid()) of user \(getuid())\n")
    await server.server.stop()
  }

  @Test func strangersGetNoAnswer() async throws {
    let server = try await TestServer(users: [getuid() + 1]) { _ in HTTPResponse() }
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n") == "")
    await server.server.stop()
  }

  @Test func filesAreClosedHoweverTheAnswerEnds() async throws {
    let opened = Mutex<[Int32]>([])
    let server = try await TestServer { request in
      var ends: [Int32] = [0, 0]
      // The descriptor's other end tells when it is closed.
      guard pipe(&ends) == 0 else { return HTTPResponse(status: 500) }
      opened.withLock { $0.append(ends[0]) }
      return HTTPResponse(body: .file(descriptor: ends[1], offset: 0, length: request.body.count))
    }
    for (method, body, isWhole) in [("HEAD", "", true), ("GET", "", true), ("GET", "abc", false)] {
      let answer = try await server.exchange(
        "\(method) / HTTP/1.0\r\nContent-Length: \(body.count)\r\n\r\n\(body)")
      #expect(answer.isEmpty != isWhole)
    }
    await server.server.stop()
    let descriptors = opened.withLock { $0 }
    #expect(descriptors.count == 3)
    for descriptor in descriptors {
      var byte: UInt8 = 0
      // It waits for a writer that is still there.
      #expect(read(descriptor, &byte, 1) == 0)
      close(descriptor)
    }
  }

  @Test func fileThatGetsShorterBreaksTheAnswerOff() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-http-test.")
    defer { try? Files.remove(folder) }
    let path = "\(folder)/file"
    try Files.write(Data(count: 32 << 20), to: path)
    let server = try await TestServer { _ in
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      return HTTPResponse(body: .file(descriptor: descriptor, offset: 0, length: 32 << 20))
    }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    _ = try await stream.text(until: "\r\n\r\n")
    try #require(truncate(path, 1 << 20) == 0)
    #expect(try await stream.text().utf8.count < 32 << 20)
    await server.server.stop()
  }

  @Test func allAddressesAreServed() async throws {
    let addresses = try ["127.0.0.1", "127.0.0.2", "::1"].map { try #require(IPAddress($0)) }
    let server = try await HTTPServer.start(on: addresses.map { .tcp(address: $0, port: 0) }) {
      HTTPResponse(status: 200, text: $0.peer.map { "\($0)" } ?? "nobody")
    }
    for (address, port) in zip(addresses, server.ports) {
      let stream = try SocketStream.connect(to: address, port: port, from: address)
      try await stream.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
      let host = "\(HTTPPeer.host(address, port: 0))".dropLast()
      #expect(try await stream.text().body.hasPrefix(host))
    }
    await server.stop()
  }

  /// Where it cannot listen on all, it listens on none.
  @Test func addressThatCannotBeListenedOnIsNamed() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-http-test.")
    defer { try? Files.remove(folder) }
    let error = await #expect(throws: HTTPServerError.self) {
      _ = try await HTTPServer.start(on: [
        .unix(path: "\(folder)/socket", users: [getuid()]),
        .unix(path: "/nonexistent/socket", users: []),
      ]) { _ in HTTPResponse() }
    }
    #expect(error?.description.hasPrefix("cannot listen on /nonexistent/socket: ") == true)
    await #expect(throws: SocketError.self) {
      _ = try await SocketStream.connect(to: "\(folder)/socket")
    }
  }

  @Test func serverIsWaitedFor() async throws {
    let server = try await TestServer { _ in HTTPResponse() }
    let cancelled = Task { try await server.server.wait() }
    cancelled.cancel()
    try await cancelled.value
    async let stopped: Void = server.server.wait()
    await server.server.stop()
    try await stopped
  }
}
