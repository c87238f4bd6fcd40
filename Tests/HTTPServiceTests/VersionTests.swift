import Glibc
import HTTPService
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

/// What holds of HTTP/1.1 and HTTP/2 alike, over TLS.
@Suite struct VersionTests {
  enum Version: CaseIterable { case one, two }

  /// A request, and what it is answered with.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    var method = HTTPMethod.GET
    var target = "/"
    var fields: HTTPHeaders = [:]
    var body: [UInt8] = []
    /// Whether the body's length is said before.
    var saysLength = true
    let status: Int
    var answer: String?

    var testDescription: String { name }
  }

  private static let limits: HTTPLimits = {
    var limits = HTTPLimits.patient
    limits.targetBytes = 1000
    limits.headBytes = 3000
    limits.fields = 10
    limits.bodyBytes = 100
    return limits
  }()

  private static func text(_ bytes: Int) -> String { String(repeating: "a", count: bytes) }

  private static func fields(_ count: Int, bytes: Int) -> HTTPHeaders {
    HTTPHeaders((0..<count).map { ("x-\($0)", text(bytes)) })
  }

  static let cases = [
    Case(name: "get", target: "/a?b=c", status: 200, answer: "GET /a?b=c 0"),
    Case(name: "head", method: .HEAD, status: 200, answer: ""),
    Case(name: "body", method: .POST, body: [1, 2, 3], status: 200, answer: "POST / 3"),
    Case(
      name: "body of unsaid length", method: .POST, body: [1, 2, 3], saysLength: false, status: 200,
      answer: "POST / 3"),
    Case(name: "large answer", target: "/large", status: 200, answer: text(3_000_000)),
    Case(name: "part of a file", target: "/file", status: 200, answer: "ELF"),
    Case(name: "error of the handler", target: "/trouble", status: 500),
    Case(name: "longest target", target: "/\(text(980))", status: 200),
    Case(name: "most fields", fields: fields(7, bytes: 1), status: 200),
    Case(
      name: "longest body", method: .POST, body: [UInt8](repeating: 0, count: 100), status: 200,
      answer: "POST / 100"),
    Case(name: "long target", target: "/\(text(1001))", status: 414),
    Case(name: "long field", fields: fields(1, bytes: 1001), status: 431),
    Case(name: "long fields", fields: fields(4, bytes: 900), status: 431),
    Case(name: "many fields", fields: fields(11, bytes: 1), status: 431),
    Case(
      name: "long body", method: .POST, body: [UInt8](repeating: 0, count: 101), status: 413),
    Case(
      name: "long body of unsaid length", method: .POST, body: [UInt8](repeating: 0, count: 101),
      saysLength: false, status: 413),
    Case(
      name: "stranger", method: .POST, fields: ["key": "wrong"], body: [1, 2, 3], status: 401,
      answer: "Unauthorized\n"),
  ]

  @Test(arguments: cases, Version.allCases)
  func oneRequest(_ expected: Case, _ version: Version) async throws {
    struct Trouble: Error {}
    let asked = Mutex(0)
    let server = try await SecureServer(
      limits: Self.limits,
      doorkeeper: { fields, _ in fields["key"] == "wrong" ? (401, "Unauthorized") : nil }
    ) { request in
      asked.withLock { $0 += 1 }
      switch request.target {
      case "/large": return HTTPResponse(body: .bytes(Array(Self.text(3_000_000).utf8)))
      case "/trouble": throw Trouble()
      case "/file":
        let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        return HTTPResponse(body: .file(descriptor: descriptor, offset: 1, length: 3))
      default:
        let text = "\(request.method) \(request.target) \(request.body.count)"
        return HTTPResponse(body: .bytes(Array(text.utf8)))
      }
    }
    let answer =
      switch version {
      case .one: try await byVersionOne(expected, server)
      case .two: try await byVersionTwo(expected, server)
      }
    #expect(answer.status == expected.status)
    if let body = expected.answer { #expect(answer.body == body) }
    #expect(asked.withLock { $0 } == ([200, 500].contains(expected.status) ? 1 : 0))
    await server.server.stop(grace: .zero)
  }

  private func byVersionTwo(
    _ asked: Case, _ server: SecureServer
  ) async throws -> (status: Int, body: String) {
    let client = try await StreamClient(server)
    var fields = asked.fields
    if asked.saysLength, !asked.body.isEmpty {
      fields.add(name: "content-length", value: "\(asked.body.count)")
    }
    let stream = try await client.ask(asked.method, asked.target, fields, body: asked.body)
    return try await stream.answer()
  }

  private func byVersionOne(
    _ asked: Case, _ server: SecureServer
  ) async throws -> (status: Int, body: String) {
    var head =
      "\(asked.method.rawValue) \(asked.target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    for (name, value) in asked.fields { head += "\(name): \(value)\r\n" }
    var body = asked.body
    if body.isEmpty {
      head += "\r\n"
    } else if asked.saysLength {
      head += "Content-Length: \(body.count)\r\n\r\n"
    } else {
      head += "Transfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n"
      body += Array("\r\n0\r\n\r\n".utf8)
    }
    let answer = String(
      decoding: try await server.exchange(Array(head.utf8) + body, offering: ["http/1.1"]),
      as: UTF8.self)
    return (answer.status ?? 0, answer.body)
  }

  /// What the client speaks, and what is spoken then.
  @Test(arguments: [
    (["h2", "http/1.1"], true), (["http/1.1", "h2"], true), (["h2"], true), (["http/1.1"], false),
    ([], false), (["spdy/3"], false),
  ])
  func theClientsOfferDecides(_ offers: [String], _ isVersionTwo: Bool) async throws {
    let server = try await SecureServer { _ in HTTPResponse(status: 200, text: "here") }
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let answer = try await server.exchange(Array(request.utf8), offering: offers)
    // A server of HTTP/2 begins with SETTINGS, whatever comes.
    #expect((answer.dropFirst(3).first == Frame.Kind.settings.rawValue) == isVersionTwo)
    #expect((String(decoding: answer, as: UTF8.self).status == 200) != isVersionTwo)
    await server.server.stop(grace: .zero)
  }

  /// As virtctl asks: of a client that offers no other version.
  @Test(arguments: [["http/1.1"], []])
  func webSocketsAreMadeByVersionOne(_ offers: [String]) async throws {
    let server = try await SecureServer { request in
      let handshake = try WebSocketHandshake(request, subprotocols: [])
      return HTTPResponse(
        body: .webSocket(WebSocketTunnel(handshake) { socket in try await socket.receive { _ in } })
      )
    }
    let request =
      "GET /console HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    // A masked frame that closes it (RFC 6455 section 5.5.1).
    let close: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]
    let connection = try await server.connect(offering: offers) {
      try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: $0)
    }
    try await connection.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      var answer: [UInt8] = []
      func read(until isThere: () -> Bool) async throws {
        while !isThere(), let part = try await parts.next() { answer += part.readableBytesView }
      }
      try await outbound.write(ByteBuffer(string: request))
      try await read { answer.suffix(4) == [13, 10, 13, 10] }
      #expect(String(decoding: answer, as: UTF8.self).status == 101)
      try await outbound.write(ByteBuffer(bytes: close))
      try await read { answer.suffix(4) == [0x88, 0x02, 0x03, 0xe8] }
      #expect(answer.suffix(4) == [0x88, 0x02, 0x03, 0xe8])
    }
    await server.server.stop(grace: .zero)
  }

  @Test func clientsWithoutHandshakeAreGivenUp() async throws {
    var limits = HTTPLimits.patient
    limits.handshakeTime = .milliseconds(50)
    let server = try await SecureServer(limits: limits) { _ in HTTPResponse() }
    let stream = try server.connectInPlain()
    #expect(try await stream.text() == "")
    await server.server.stop(grace: .zero)
  }
}
