import HTTPService
import NIOCore
import NIOHTTP1
import NIOHTTP2
import Synchronization
import Testing

/// Many requests at once on one connection of HTTP/2.
@Suite struct MultiplexingTests {
  @Test func requestsAreAnsweredBesideStreams() async throws {
    let taps = (0..<100).map { _ in Tap() }
    let server = try await SecureServer { request in
      guard let number = Int(request.target.dropFirst()) else {
        return HTTPResponse(status: 200, text: request.target)
      }
      return HTTPResponse(body: .stream(taps[number], lasting: nil))
    }
    let client = try await StreamClient(server)
    var watches: [AskedStream] = []
    for number in taps.indices {
      let watch = try await client.ask("/\(number)")
      #expect(try await watch.head()?.status == .ok)
      watches.append(watch)
    }
    try await withThrowingTaskGroup(of: (String, String).self) { group in
      for number in 0..<100 {
        group.addTask {
          let target = "/get\(number)"
          return (target, try await client.ask(target).answer().body)
        }
      }
      for try await (target, body) in group { #expect(body == "\(target)\n") }
    }
    for (number, tap) in taps.enumerated().reversed() {
      tap.send("to \(number)")
      #expect(try await watches[number].chunk() == "to \(number)")
    }
    #expect(server.server.connections == 1)
    // Each stream ends by itself: of one that is reset, the reader is told.
    watches[0].channel.close(promise: nil)
    await until { taps[0].ended == 1 }
    for tap in taps.dropFirst() { tap.finish() }
    for watch in watches.dropFirst() { #expect(try await watch.chunk() == nil) }
    try await client.close()
    await until { server.server.connections == 0 }
    await server.server.stop()
  }

  @Test func streamThatIsNotReadHoldsUpNoOther() async throws {
    let fountain = Fountain()
    let server = try await SecureServer { request in
      request.target == "/fountain"
        ? HTTPResponse(body: .stream(fountain, lasting: nil))
        : HTTPResponse(body: .bytes([UInt8](repeating: 0x61, count: 100_000)))
    }
    let client = try await StreamClient(server)
    let unread = try await client.ask("/fountain", isRead: false)
    await until { fountain.made.withLock { $0 } > 0 }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 {
        group.addTask { try await client.ask("/").answer().body.utf8.count }
      }
      for try await bytes in group { #expect(bytes == 100_000) }
    }
    // No more than the stream's window, and the chunk in hand.
    #expect(fountain.made.withLock { $0 } <= 3)
    unread.channel.close(promise: nil)
    await server.server.stop(grace: .zero)
  }

  @Test func streamThatIsReadStarvesNoOther() async throws {
    let fountain = Fountain()
    let server = try await SecureServer { request in
      request.target == "/fountain"
        ? HTTPResponse(body: .stream(fountain, lasting: nil))
        : HTTPResponse(status: 200, text: "here")
    }
    let client = try await StreamClient(server)
    let flood = try await client.ask("/fountain")
    let reading = Task {
      var bytes = 0
      while let chunk = try await flood.chunk() { bytes += chunk.utf8.count }
      return bytes
    }
    await until { fountain.made.withLock { $0 } > 10 }
    for _ in 0..<50 { #expect(try await client.ask("/").answer().status == 200) }
    flood.channel.close(promise: nil)
    _ = await reading.result
    await server.server.stop(grace: .zero)
  }

  @Test func streamThatTakesNothingIsResetAndTheConnectionGoesOn() async throws {
    var limits = HTTPLimits.patient
    limits.stallTime = .milliseconds(200)
    let fountain = Fountain()
    let server = try await SecureServer(limits: limits) { request in
      request.target == "/fountain"
        ? HTTPResponse(body: .stream(fountain, lasting: nil))
        : HTTPResponse(status: 200, text: "here")
    }
    let client = try await StreamClient(server)
    let unread = try await client.ask("/fountain", isRead: false)
    try await unread.channel.closeFuture.get()
    #expect(fountain.made.withLock { $0 } <= 3)
    // Where the machine is slower than these limits allow, an answer may be reset too.
    await until { (try? await client.ask("/").answer().status) == 200 }
    await server.server.stop(grace: .zero)
  }

  @Test func requestsInProgressAreCounted() async throws {
    var limits = HTTPLimits.patient
    limits.requests = 2
    let tap = Tap()
    let server = try await SecureServer(limits: limits) { request in
      request.target == "/watch"
        ? HTTPResponse(body: .stream(tap, lasting: nil)) : HTTPResponse(status: 200, text: "here")
    }
    let client = try await StreamClient(server)
    let watch = try await client.ask("/watch")
    #expect(try await watch.head()?.status == .ok)
    let coming = try await client.ask(.POST, "/", body: [1], isWhole: false)
    await until { (try? await client.ask("/").answer().status) == 503 }
    // A client that is gone leaves its place.
    coming.channel.close(promise: nil)
    await until { (try? await client.ask("/").answer().status) == 200 }
    tap.finish()
    #expect(try await watch.chunk() == nil)
    await server.server.stop(grace: .zero)
  }

  @Test func bodyThatDoesNotComeIsGivenUp() async throws {
    var limits = HTTPLimits.patient
    limits.requestTime = .milliseconds(100)
    let server = try await SecureServer(limits: limits) { _ in HTTPResponse() }
    let client = try await StreamClient(server)
    let coming = try await client.ask(.POST, "/", body: [1], isWhole: false)
    #expect(try await coming.answer().status == 408)
    await server.server.stop(grace: .zero)
  }

  @Test func bodyOfARefusedRequestIsThrownAway() async throws {
    let server = try await SecureServer(doorkeeper: { _, _ in (401, "who are you?") }) { _ in
      HTTPResponse()
    }
    let client = try await StreamClient(server)
    let stream = try await client.ask(.POST, "/", isWhole: false)
    // Many times the window: it is written only when the server takes it.
    let body = ByteBuffer(bytes: [UInt8](repeating: 1, count: 1 << 20))
    try await stream.channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(body))).get()
    #expect(try await stream.answer().status == 401)
    await server.server.stop(grace: .zero)
  }

  @Test func bodyIsAskedForWhenTheClientWaitsForThat() async throws {
    let server = try await SecureServer { HTTPResponse(status: 200, text: "\($0.body.count)") }
    let client = try await StreamClient(server)
    let stream = try await client.ask(.POST, "/", ["expect": "100-continue"], isWhole: false)
    #expect(try await stream.head()?.status == .continue)
    stream.channel.write(
      HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: [1, 2, 3]))), promise: nil)
    stream.channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    #expect(try await stream.answer().body == "3\n")
    await server.server.stop(grace: .zero)
  }

  @Test func idleConnectionIsToldAndClosed() async throws {
    var limits = HTTPLimits.patient
    limits.idleTime = .milliseconds(50)
    let server = try await SecureServer(limits: limits) { _ in HTTPResponse() }
    let client = try await StreamClient(server)
    var farewells = client.farewells.makeAsyncIterator()
    #expect(await farewells.next() == StreamClient.Farewell(last: 0, code: .noError))
    try await client.channel.closeFuture.get()
    await server.server.stop(grace: .zero)
  }

  @Test func connectionBeyondTheLimitIsToldWhyNot() async throws {
    var limits = HTTPLimits.patient
    limits.connections = 2
    let server = try await SecureServer(limits: limits) { _ in HTTPResponse() }
    // One of two is what the server's own address may have.
    let first = try await StreamClient(server)
    #expect(try await first.ask("/").answer().status == 200)
    let second = try await StreamClient(server)
    let refusal = try await second.ask("/").answer()
    #expect(refusal.status == 503)
    #expect(refusal.body == "your address has 1 connections already; end one or try again later\n")
    try await second.channel.closeFuture.get()
    await server.server.stop(grace: .zero)
  }

  @Test func stopSaysSoEndsStreamsAndFinishesAnswers() async throws {
    let tap = Tap()
    let (opened, open) = AsyncStream<Void>.makeStream()
    let isAsked = Mutex(false)
    let server = try await SecureServer { request in
      if request.target == "/stream" { return HTTPResponse(body: .stream(tap, lasting: nil)) }
      isAsked.withLock { $0 = true }
      for await _ in opened { break }
      return HTTPResponse(status: 200, text: "finished")
    }
    let client = try await StreamClient(server)
    let stream = try await client.ask("/stream")
    #expect(try await stream.head()?.status == .ok)
    let answer = try await client.ask("/slow")
    await until { isAsked.withLock { $0 } }
    async let stopped: Void = server.server.stop(grace: .seconds(3600))
    var farewells = client.farewells.makeAsyncIterator()
    // Streams 1 and 3 are answered still.
    #expect(await farewells.next() == StreamClient.Farewell(last: 3, code: .noError))
    #expect(try await stream.chunk() == nil)
    open.yield()
    #expect(try await answer.answer().body == "finished\n")
    await stopped
    try await client.channel.closeFuture.get()
    #expect(await farewells.next() == nil)
  }
}
