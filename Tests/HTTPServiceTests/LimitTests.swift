import Addresses
import HTTPService
import Sockets
import Synchronization
import TestSockets
import Testing

/// What clients that are broken or mean no good get.
@Suite struct LimitTests {
  private static let limits: HTTPLimits = {
    var limits = HTTPLimits.patient
    limits.targetBytes = 1000
    limits.headBytes = 3000
    limits.fields = 10
    limits.bodyBytes = 100
    return limits
  }()

  private static func text(_ bytes: Int) -> String { String(repeating: "a", count: bytes) }

  private static func field(_ bytes: Int) -> String { "X: \(text(bytes))\r\n" }

  /// A request and the code that it is answered with.
  struct Case: CustomTestStringConvertible {
    let name: String
    let request: String
    let status: Int

    init(_ name: String, _ request: String, _ status: Int) {
      self.name = name
      self.request = request
      self.status = status
    }

    var testDescription: String { name }
  }

  private static let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"

  static let cases = [
    Case("no HTTP", "this is not HTTP\r\n\r\n", 400),
    Case("field without colon", "GET / HTTP/1.1\r\nHost x\r\n\r\n", 400),
    Case("negative length", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
    Case(
      "two lengths", "GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
    Case("length of chunks", "\(chunked)Content-Length: 6\r\n\r\n", 400),
    Case("chunk without size", "\(chunked)\r\nxyz\r\n", 400),
    Case("another version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505),
    Case("long target", "GET /\(text(1001)) HTTP/1.1\r\n\r\n", 414),
    Case("long field", "GET / HTTP/1.1\r\n\(field(1001))\r\n", 431),
    Case("long fields", "GET / HTTP/1.1\r\n\(String(repeating: field(900), count: 4))\r\n", 431),
    Case("many fields", "GET / HTTP/1.1\r\n\(String(repeating: field(1), count: 11))\r\n", 431),
    Case("long body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413),
    Case("long chunk", "\(chunked)\r\n65\r\n\(text(101))\r\n0\r\n\r\n", 413),
    // Healthy neighbours: as much as is taken.
    Case("target", "GET /\(text(980)) HTTP/1.0\r\n\r\n", 200),
    Case("fields", "GET / HTTP/1.0\r\n\(String(repeating: field(1), count: 10))\r\n", 200),
    Case("body", "POST / HTTP/1.0\r\nContent-Length: 100\r\n\r\n\(text(100))", 200),
  ]

  @Test(arguments: cases)
  func refusal(_ expected: Case) async throws {
    let server = try await TestServer(limits: Self.limits) { _ in HTTPResponse() }
    let answer = try await server.exchange(expected.request)
    #expect(answer.status == expected.status)
    #expect(answer.contains("Connection: close"))
    await server.server.stop()
  }

  @Test func requestThatDoesNotEndIsGivenUp() async throws {
    var limits = HTTPLimits.patient
    limits.requestTime = .milliseconds(50)
    let server = try await TestServer(limits: limits) { _ in HTTPResponse() }
    #expect(try await server.exchange("GET / HTTP/1.1\r\nHost:").status == 408)
    #expect(
      try await server.exchange("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab").status == 408)
    await server.server.stop()
  }

  @Test func idleConnectionIsClosed() async throws {
    var limits = HTTPLimits.patient
    limits.idleTime = .milliseconds(50)
    let server = try await TestServer(limits: limits) { _ in HTTPResponse() }
    #expect(try await server.exchange("") == "")
    await server.server.stop()
  }

  @Test func longLineHoldsUpNobody() async throws {
    let server = try await TestServer { _ in HTTPResponse() }
    let long = try await SocketStream.connect(to: server.path)
    try await long.write(Array("GET /".utf8) + [UInt8](repeating: 0x61, count: 1 << 20))
    // The first one has not finished its line when the second is served.
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n").status == 200)
    try await long.write([UInt8](repeating: 0x61, count: 1 << 20))
    #expect(try await long.text(until: "\r\n\r\n").status == 414)
    await server.server.stop(grace: .zero)
  }

  @Test func connectionsAreCounted() async throws {
    var limits = HTTPLimits.patient
    limits.connections = 2
    let server = try await TestServer(limits: limits) { _ in HTTPResponse() }
    let first = try await SocketStream.connect(to: server.path)
    let second = try await SocketStream.connect(to: server.path)
    await until { server.server.connections == 2 }
    #expect(try await server.exchange("").status == 503)
    for stream in [first, second] {
      try await stream.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
      #expect(try await stream.text().status == 200)
    }
    await until { server.server.connections == 0 }
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n").status == 200)
    await server.server.stop()
  }

  @Test func connectionsOfOneAddressAreCounted() async throws {
    var limits = HTTPLimits.patient
    limits.connections = 8
    limits.connectionsOfClient = 2
    let refusals = Mutex<[String]>([])
    let address = try #require(IPAddress("127.0.0.1"))
    let server = try await HTTPServer.start(
      on: [.tcp(address: address, port: 0)], limits: limits,
      refused: { _, reason in refusals.withLock { $0.append(reason) } }
    ) { _ in HTTPResponse() }
    func connect(from host: Int) throws -> SocketStream {
      try SocketStream.connect(
        to: address, port: server.ports[0], from: IPAddress("127.0.0.\(host)"))
    }
    var held = try (0..<2).map { _ in try connect(from: 2) }
    await until { server.connections == held.count }
    #expect(try await connect(from: 2).text().status == 503)
    await until { server.connections == held.count }
    // The server's own address speaks for many (stunnel).
    for _ in 0..<4 { held.append(try connect(from: 1)) }
    await until { server.connections == held.count }
    #expect(try await connect(from: 1).text().status == 503)
    let other = try connect(from: 3)
    try await other.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
    #expect(try await other.text().status == 200)
    #expect(
      refusals.withLock { $0 } == [
        "your address has 2 connections already; end one or try again later",
        "your address has 4 connections already; end one or try again later",
      ])
    withExtendedLifetime(held) {}
    await server.stop(grace: .zero)
  }

  /// Clients that are being told no take nobody's place, and have few of their own.
  @Test func floodTakesNoPlaces() async throws {
    var limits = HTTPLimits.patient
    limits.connections = 4
    limits.connectionsOfClient = 1
    limits.refusals = 2
    let address = try #require(IPAddress("127.0.0.1"))
    let server = try await HTTPServer.start(
      on: [.tcp(address: address, port: 0)], limits: limits
    ) { _ in HTTPResponse() }
    let flood = try (0..<100).map { _ in
      try SocketStream.connect(
        to: address, port: server.ports[0], from: IPAddress("127.0.0.2"))
    }
    let silent = Tally()
    let answers = flood.map { stream in
      Task {
        let text = try await stream.text()
        if text.isEmpty { silent.count.withLock { $0 += 1 } }
        return text
      }
    }
    // One is admitted and two are told why not; all others are closed without a word.
    await until { silent.count.withLock { $0 } == 97 && server.connections == 3 }
    let other = try SocketStream.connect(
      to: address, port: server.ports[0], from: IPAddress("127.0.0.3"))
    try await other.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
    #expect(try await other.text().status == 200)
    await server.stop(grace: .zero)
    var told = 0
    for answer in answers where try await answer.value.status == 503 { told += 1 }
    #expect(told == 2)
  }

  @Test func requestsInProgressAreCounted() async throws {
    var limits = HTTPLimits.patient
    limits.requests = 1
    let tap = Tap()
    let server = try await TestServer(limits: limits) { _ in
      HTTPResponse(body: .stream(tap, lasting: nil))
    }
    let first = try await SocketStream.connect(to: server.path)
    try await first.write(Array("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
    _ = try await first.text(until: "\r\n\r\n")
    #expect(try await server.exchange("GET / HTTP/1.0\r\n\r\n").status == 503)
    tap.finish()
    #expect(try await first.text().hasSuffix("0\r\n\r\n"))
    await server.server.stop()
  }
}

/// A number that tasks count up.
private final class Tally: Sendable {
  let count = Mutex(0)
}
