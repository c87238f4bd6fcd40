import HTTPService
import Sockets
import Synchronization
import TestSockets
import Testing

/// Connections that become WebSockets.
@Suite(.serialized) struct WebSocketTests {
  /// A server that sends back what it gets, by WebSocket.
  private func echo(_ limits: HTTPLimits = .patient) async throws -> TestServer {
    try await TestServer(limits: limits) { request in
      do {
        let handshake = try WebSocketHandshake(request, subprotocols: ["plain.kubevirt.io"])
        return HTTPResponse(
          body: .webSocket(
            WebSocketTunnel(handshake) { socket in
              try await socket.receive { try await socket.write($0) }
            }))
      } catch {
        return HTTPResponse(status: 400, text: "\(error)")
      }
    }
  }

  @Test func bytesGoBothWays() async throws {
    let server = try await echo()
    let client = try await WebSocketClient(socket: server.path, target: "/console")
    let head = await client.answer.lowercased()
    #expect(head.hasPrefix("http/1.1 101 "))
    // RFC 6455 section 1.3 has this key and its answer.
    #expect(head.contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"))
    #expect(head.contains("\r\nsec-websocket-protocol: plain.kubevirt.io\r\n"))
    #expect(head.contains("\r\nupgrade: websocket\r\n"))
    for payload in [Array("hello".utf8), [], [UInt8](repeating: 7, count: 40_000)] {
      try await client.send(payload)
      let back = try #require(await client.receive())
      #expect(back.opcode == 2 && back.payload == payload)
    }
    // The pieces of a message are bytes of a stream like others.
    try await client.send([1, 2], isLast: false)
    try await client.send([3], opcode: 0)
    #expect(try await client.receive()?.payload == [1, 2])
    #expect(try await client.receive()?.payload == [3])
    try await client.send([9, 9], opcode: 9)
    let pong = try #require(await client.receive())
    #expect(pong.opcode == 10 && pong.payload == [9, 9])
    await server.server.stop()
  }

  @Test func framesThatComeWithTheRequestAreRead() async throws {
    let server = try await echo()
    let stream = try await SocketStream.connect(to: server.path)
    let request =
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    try await stream.write(
      Array(request.utf8) + [0x82, 0x85, 0, 0, 0, 0] + Array("early".utf8))
    #expect(try await stream.text(until: "early").status == 101)
    await server.server.stop()
  }

  @Test func closeIsAnsweredWithItsCode() async throws {
    for (sent, answered) in [([0x0f, 0xa1], [0x0f, 0xa1]), ([], [0x03, 0xe8])]
      as [([UInt8], [UInt8])]
    {
      let server = try await echo()
      let client = try await WebSocketClient(socket: server.path, target: "/")
      try await client.send(sent, opcode: 8)
      let close = try #require(await client.receive())
      #expect(close.opcode == 8 && close.payload == answered)
      #expect(try await client.receive() == nil)
      await until { server.server.connections == 0 }
      await server.server.stop()
    }
  }

  @Test func rulesOfFramesAreKept() async throws {
    var limits = HTTPLimits.patient
    limits.frameBytes = 1000
    let server = try await echo(limits)
    func code(
      _ send: (WebSocketClient) async throws -> Void
    ) async throws -> [UInt8]? {
      let client = try await WebSocketClient(socket: server.path, target: "/")
      try await send(client)
      let close = try await client.receive()
      #expect(close?.opcode == 8)
      #expect(try await client.receive() == nil)
      return close?.payload
    }
    // 1002: a client's frames are masked, control frames short, opcodes known.
    #expect(try await code({ try await $0.send([1], isMasked: false) }) == [0x03, 0xea])
    #expect(try await code({ try await $0.send([1], opcode: 5) }) == [0x03, 0xea])
    #expect(
      try await code({ try await $0.send([UInt8](repeating: 1, count: 200), opcode: 9) })
        == [0x03, 0xea])
    // 1009: the length alone is enough.
    #expect(try await code({ try await $0.send([], length: 1001) }) == [0x03, 0xf1])
    #expect(try await code({ try await $0.send([], length: 1 << 40) }) == [0x03, 0xf1])
    await server.server.stop()
  }

  @Test(
    arguments: [
      ("GET / HTTP/1.1\r\nHost: x\r\n", "the request's field connection does not say upgrade"),
      (
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n",
        "the request's field upgrade does not say websocket"
      ),
      (
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 8\r\n", "version 13"
      ),
      (
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", "16 bytes in base64"
      ),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", "asked for by GET"),
    ])
  func requestsThatAskOtherwiseAreRefused(_ head: String, _ reason: String) async throws {
    let server = try await echo()
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Array("\(head)\r\n".utf8))
    let answer = try await stream.text(until: reason)
    #expect(answer.status == 400 && answer.contains(reason))
    await server.server.stop()
  }

  @Test func connectionOfARefusedUpgradeEnds() async throws {
    let server = try await TestServer { _ in HTTPResponse(status: 404, text: "no") }
    let client = try await WebSocketClient(socket: server.path, target: "/")
    let answer = await client.answer.lowercased()
    #expect(answer.status == 404 && answer.contains("connection: close"))
    await server.server.stop()
  }

  @Test func clientsThatVanishLeaveNothing() async throws {
    let server = try await echo()
    for _ in 0..<20 {
      var clients: [WebSocketClient] = []
      for _ in 0..<20 {
        clients.append(try await WebSocketClient(socket: server.path, target: "/"))
      }
      #expect(server.server.connections == 20)
      clients = []
      await until { server.server.connections == 0 }
    }
    await server.server.stop()
  }

  @Test func clientThatReadsNothingIsDropped() async throws {
    var limits = HTTPLimits.patient
    limits.stallTime = .milliseconds(200)
    let isOver = Mutex(false)
    let server = try await TestServer(limits: limits) { request in
      let handshake = try WebSocketHandshake(request, subprotocols: [])
      return HTTPResponse(
        body: .webSocket(
          WebSocketTunnel(handshake) { socket in
            defer { isOver.withLock { $0 = true } }
            while true { try await socket.write([UInt8](repeating: 0x2e, count: 64 << 10)) }
          }))
    }
    let client = try await WebSocketClient(socket: server.path, target: "/")
    // A write fails only because it waits for longer than that.
    await until { isOver.withLock { $0 } }
    #expect(await client.answer.status == 101)
    await server.server.stop()
  }

  @Test func stopEndsWebSockets() async throws {
    let server = try await echo()
    let client = try await WebSocketClient(socket: server.path, target: "/")
    await server.server.stop(grace: .seconds(3600))
    #expect(try await client.receive() == nil)
  }

  @Test func endOfTheServersSideEndsTheConnectionWithoutAWord() async throws {
    let server = try await TestServer { request in
      let handshake = try WebSocketHandshake(request, subprotocols: [])
      return HTTPResponse(
        body: .webSocket(WebSocketTunnel(handshake) { try await $0.write([1]) }))
    }
    let client = try await WebSocketClient(socket: server.path, target: "/")
    #expect(try await client.receive()?.payload == [1])
    #expect(try await client.receive() == nil)
    await until { server.server.connections == 0 }
    await server.server.stop()
  }
}
