import HTTPService
import Sockets
import Synchronization
import TestSockets
import Testing

/// Answers that come in chunks, for as long as somebody reads them.
@Suite(.serialized) struct StreamTests {
  private static let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)

  @Test func headComesBeforeTheFirstChunkAndEachChunkAtOnce() async throws {
    let tap = Tap()
    let server = try await TestServer { _ in HTTPResponse(body: .stream(tap, lasting: nil)) }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Self.request)
    let head = try await stream.text(until: "\r\n\r\n")
    #expect(head.lowercased().contains("transfer-encoding: chunked"))
    tap.send("one\n")
    #expect(try await stream.text(until: "one\n\r\n") == "4\r\none\n\r\n")
    tap.send("two\n")
    #expect(try await stream.text(until: "two\n\r\n") == "4\r\ntwo\n\r\n")
    tap.finish()
    #expect(try await stream.text(until: "0\r\n\r\n") == "0\r\n\r\n")
    // The connection is good for another request.
    try await stream.write(Self.request)
    #expect(try await stream.text(until: "\r\n\r\n").status == 200)
    await server.server.stop()
  }

  @Test func streamEndsCleanlyWhenItsTimeIsOver() async throws {
    let tap = Tap()
    let server = try await TestServer { _ in
      HTTPResponse(body: .stream(tap, lasting: .milliseconds(50)))
    }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Self.request)
    #expect(try await stream.text(until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
    #expect(tap.ended == 1)
    await server.server.stop()
  }

  @Test func streamThatFailsIsBrokenOff() async throws {
    struct Trouble: Error {}
    let server = try await TestServer { _ in
      let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
        continuation.yield([0x61])
        continuation.finish(throwing: Trouble())
      }
      return HTTPResponse(body: .stream(chunks, lasting: nil))
    }
    let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(answer.status == 200)
    #expect(!answer.hasSuffix("0\r\n\r\n"))
    await server.server.stop()
  }

  @Test func clientsThatVanishLeaveNothing() async throws {
    let tap = Tap()
    let server = try await TestServer { _ in HTTPResponse(body: .stream(tap, lasting: nil)) }
    #expect(try socketEnds(at: server.path) == 1)
    for _ in 0..<20 {
      var streams: [SocketStream] = []
      for _ in 0..<100 {
        let stream = try await SocketStream.connect(to: server.path)
        try await stream.write(Self.request)
        streams.append(stream)
      }
      for stream in streams { _ = try await stream.text(until: "\r\n\r\n") }
      #expect(try socketEnds(at: server.path) == 201)
      streams = []
      await until { server.server.connections == 0 }
    }
    await until { tap.ended == 2000 }
    #expect(tap.begun == 2000)
    await until { (try? socketEnds(at: server.path)) == 1 }
    await server.server.stop()
  }

  @Test func clientThatReadsNothingIsDropped() async throws {
    var limits = HTTPLimits.patient
    limits.stallTime = .milliseconds(200)
    let fountain = Fountain()
    let server = try await TestServer(limits: limits) { _ in
      HTTPResponse(body: .stream(fountain, lasting: nil))
    }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Self.request)
    await until { fountain.ended.withLock { $0 } || server.server.connections == 0 }
    // No more than the kernel holds, and the chunk in hand.
    #expect(fountain.made.withLock { $0 } < 100)
    withExtendedLifetime(stream) {}
    await server.server.stop()
  }

  @Test func stopEndsStreamsAndFinishesAnswers() async throws {
    let tap = Tap()
    let (opened, open) = AsyncStream<Void>.makeStream()
    let isAsked = Mutex(false)
    let server = try await TestServer { request in
      if request.target == "/stream" { return HTTPResponse(body: .stream(tap, lasting: nil)) }
      isAsked.withLock { $0 = true }
      for await _ in opened { break }
      return HTTPResponse(status: 200, text: "finished")
    }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Array("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    _ = try await stream.text(until: "\r\n\r\n")
    let idle = try await SocketStream.connect(to: server.path)
    let answer = try await SocketStream.connect(to: server.path)
    try await answer.write(Self.request)
    await until { isAsked.withLock { $0 } }
    async let stopped: Void = server.server.stop(grace: .seconds(3600))
    #expect(try await stream.text().hasSuffix("0\r\n\r\n"))
    #expect(try await idle.text() == "")
    open.yield()
    #expect(try await answer.text().body == "finished\n")
    await stopped
    await #expect(throws: SocketError.self) {
      _ = try await SocketStream.connect(to: server.path)
    }
  }

  @Test func stopBreaksOffWhatDoesNotFinish() async throws {
    let isAsked = Mutex(false)
    let server = try await TestServer { _ in
      isAsked.withLock { $0 = true }
      await untilCancelled()
      return HTTPResponse()
    }
    let stream = try await SocketStream.connect(to: server.path)
    try await stream.write(Self.request)
    await until { isAsked.withLock { $0 } }
    await server.server.stop(grace: .milliseconds(20))
    #expect(server.server.connections == 0)
  }
}
