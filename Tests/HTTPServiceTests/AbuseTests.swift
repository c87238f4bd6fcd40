import HTTPService
import Mutations
import NIOCore
import Synchronization
import Testing

/// A frame of HTTP/2 in bytes (RFC 9113 section 4.1).
struct Frame {
  enum Kind: UInt8 {
    case data, headers, priority, reset, settings, push, ping, goAway, window, continuation
  }

  let kind: UInt8
  let flags: UInt8
  let stream: Int
  let payload: [UInt8]

  /// What a client begins with. The server's settings are acknowledged too, from where on they count.
  static let preface =
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + bytes(.settings) + bytes(.settings, flags: 1)
  /// `GET https://x/` (RFC 7541).
  static let getHead: [UInt8] = [0x82, 0x87, 0x84, 0x01, 0x01, 0x78]
  /// `POST https://x/`.
  static let postHead: [UInt8] = [0x83, 0x87, 0x84, 0x01, 0x01, 0x78]
  /// The last frame of a stream's sender, and of a head.
  static let (endStream, endHeaders): (UInt8, UInt8) = (0x1, 0x4)

  static func bytes(
    _ kind: Kind, flags: UInt8 = 0, stream: Int = 0, _ payload: [UInt8] = []
  ) -> [UInt8] {
    let length = payload.count
    return [
      UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind.rawValue, flags,
      UInt8(stream >> 24 & 0x7f), UInt8(stream >> 16 & 0xff), UInt8(stream >> 8 & 0xff),
      UInt8(stream & 0xff),
    ] + payload
  }

  /// The whole frames in bytes.
  static func split(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    while rest.count >= 9 {
      let head = rest.prefix(9).map { Int($0) }
      let length = head[0] << 16 | head[1] << 8 | head[2]
      guard rest.count >= 9 + length else { break }
      frames.append(
        Frame(
          kind: UInt8(head[3]), flags: UInt8(head[4]),
          stream: head[5] << 24 | head[6] << 16 | head[7] << 8 | head[8],
          payload: Array(rest.dropFirst(9).prefix(length))))
      rest = rest.dropFirst(9 + length)
    }
    return frames
  }

  /// The error code of the first GOAWAY among frames.
  static func farewell(in bytes: [UInt8]) -> UInt8? {
    split(bytes).first { $0.kind == Kind.goAway.rawValue }?.payload.dropFirst(7).first
  }
}

/// Clients of HTTP/2 that break its rules, or keep them and mean no good: their connection ends with a
/// reason, and others are served.
@Suite struct AbuseTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    /// RFC 9113 section 7.
    let code: UInt8

    var testDescription: String { name }
  }

  private static let (violation, oversize, compression, calm): (UInt8, UInt8, UInt8, UInt8) =
    (0x1, 0x6, 0x9, 0xb)
  private static let request = Frame.endHeaders | Frame.endStream

  private static func many(
    _ count: Int, after first: [UInt8] = [], _ frame: (Int) -> [UInt8]
  ) -> [UInt8] {
    var bytes = Frame.preface + first
    for number in 0..<count { bytes += frame(number) }
    return bytes
  }

  private static func get(_ number: Int, _ head: [UInt8] = Frame.getHead) -> [UInt8] {
    Frame.bytes(.headers, flags: request, stream: 2 * number + 1, head)
  }

  private static let post = Frame.bytes(
    .headers, flags: Frame.endHeaders, stream: 1, Frame.postHead)
  private static let ping = Frame.bytes(.ping, [UInt8](repeating: 0, count: 8))

  private static func reset(_ number: Int) -> [UInt8] {
    get(number) + Frame.bytes(.reset, stream: 2 * number + 1, [0, 0, 0, 8])
  }

  private static func priority(_ number: Int) -> [UInt8] {
    Frame.bytes(.priority, stream: 1, [0, 0, 0, 3, 0])
  }

  /// A head whose fields, 42 bytes each as RFC 9113 section 6.5.2 counts, come in one byte each.
  private static func head(of fields: Int) -> [UInt8] {
    Frame.bytes(
      .headers, flags: request, stream: 1, [UInt8](repeating: 0x82, count: fields))
  }

  /// A head of so many frames after its first.
  private static func pieces(_ count: Int) -> [UInt8] {
    many(count, after: Frame.bytes(.headers, stream: 1, Frame.getHead)) {
      Frame.bytes(.continuation, flags: $0 == count - 1 ? Frame.endHeaders : 0, stream: 1)
    }
  }

  private static var limits: HTTPLimits {
    var limits = HTTPLimits.patient
    limits.resets = 5
    // Two are in the preface.
    limits.controlFrames = 7
    return limits
  }

  /// As many as may be, after which another fault ends the connection, and one more.
  private static let bounds: [(name: String, atMost: [UInt8], tooMuch: [UInt8], code: UInt8)] = [
    ("streams that are begun and reset", many(5, reset), many(6, reset), calm),
    (
      "streams with a wrong head", many(5) { get($0, [0x82]) }, many(6) { get($0, [0x82]) }, calm
    ),
    (
      "settings", many(5) { _ in Frame.bytes(.settings) },
      many(6) { _ in Frame.bytes(.settings) }, calm
    ),
    ("pings", many(5) { _ in ping }, many(6) { _ in ping }, calm),
    ("priorities", many(5, priority), many(6, priority), calm),
    ("a head in pieces", pieces(8), pieces(9), calm),
    (
      "empty data", many(1, after: post) { _ in Frame.bytes(.data, stream: 1) },
      many(2, after: post) { _ in Frame.bytes(.data, stream: 1) }, calm
    ),
    ("streams", many(250) { get($0) }, many(251) { get($0) }, violation),
    (
      // 2 * 64 KiB and 32 bytes for each of 100 fields.
      "a small head that becomes large", Frame.preface + head(of: 134_272 / 42),
      Frame.preface + head(of: 134_272 / 42 + 1), compression
    ),
  ]

  static let cases =
    bounds.map { Case(name: "\($0.name), too much", bytes: $0.tooMuch, code: $0.code) }
    + bounds.map {
      // A frame that is longer than the server takes.
      let end: [UInt8] = [0xff, 0xff, 0xff, Frame.Kind.data.rawValue, 0, 0, 0, 0, 1]
      return Case(name: "\($0.name), at most", bytes: $0.atMost + end, code: oversize)
    } + [
      Case(
        name: "another protocol", bytes: Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
        code: violation),
      Case(
        name: "data of no stream", bytes: many(1) { _ in Frame.bytes(.data, stream: 1, [1]) },
        code: violation),
      Case(
        name: "a stream of the server's",
        bytes: many(1) { _ in
          Frame.bytes(.headers, flags: request, stream: 2, Frame.getHead)
        }, code: violation),
    ]

  @Test(arguments: cases)
  func abuse(_ abuse: Case) async throws {
    let refusals = Mutex(0)
    let begun = Mutex(0)
    let ended = Mutex(0)
    let server = try await SecureServer(
      limits: Self.limits, refused: { _, _ in refusals.withLock { $0 += 1 } }
    ) { request in
      guard request.target != "/well" else { return HTTPResponse(status: 200, text: "well") }
      begun.withLock { $0 += 1 }
      await untilCancelled()
      ended.withLock { $0 += 1 }
      return HTTPResponse()
    }
    let answer = try await server.exchange(abuse.bytes, offering: ["h2"])
    #expect(Frame.farewell(in: answer) == abuse.code)
    #expect(refusals.withLock { $0 } > 0)
    await until { server.server.connections == 0 }
    // Nothing goes on for nobody.
    await until { begun.withLock { $0 } == ended.withLock { $0 } }
    let client = try await StreamClient(server)
    #expect(try await client.ask("/well").answer().status == 200)
    await server.server.stop(grace: .zero)
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    /// Frames of stream 3.
    let bytes: [UInt8]
    let code: UInt8

    var testDescription: String { name }
  }

  static let faults = [
    Fault(
      name: "less than the content-length",
      bytes: Frame.bytes(
        .headers, flags: Frame.endHeaders, stream: 3,
        Frame.postHead + [0x0f, 0x0d, 1, UInt8(ascii: "5")])
        + Frame.bytes(.data, flags: Frame.endStream, stream: 3, [1]), code: violation),
    Fault(
      name: "a field that HTTP/2 forbids",
      bytes: get(
        1, Frame.getHead + [0, 10] + Array("connection".utf8) + [5] + Array("close".utf8)),
      code: violation),
    Fault(
      name: "a body in too many pieces",
      bytes: Frame.bytes(.headers, flags: Frame.endHeaders, stream: 3, Frame.postHead)
        + (0..<4).flatMap { _ in Frame.bytes(.data, stream: 3, [1]) }, code: 0x8),
  ]

  @Test(arguments: faults)
  func faultOfAStreamEndsNoOther(_ fault: Fault) async throws {
    var limits = Self.limits
    limits.bodyPieces = 3
    let refusals = Mutex(0)
    let tap = Tap()
    let server = try await SecureServer(
      limits: limits, refused: { _, _ in refusals.withLock { $0 += 1 } }
    ) { request in
      request.method == "POST"
        ? HTTPResponse(body: .stream(tap, lasting: nil)) : HTTPResponse(status: 200, text: "well")
    }
    let connection = try await server.connect(offering: ["h2"]) {
      try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: $0)
    }
    try await connection.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      var bytes: [UInt8] = []
      /// Reads until there is such a frame.
      func find(_ isIt: (Frame) -> Bool) async throws -> Frame? {
        while true {
          if let frame = Frame.split(bytes).first(where: isIt) { return frame }
          guard let part = try await parts.next() else { return nil }
          bytes += part.readableBytesView
        }
      }
      let watch = Frame.bytes(.headers, flags: Self.request, stream: 1, Frame.postHead)
      try await outbound.write(
        ByteBuffer(bytes: Frame.preface + watch + fault.bytes + Self.get(2)))
      let reset = try await find { $0.kind == Frame.Kind.reset.rawValue }
      #expect(reset?.stream == 3 && reset?.payload == [0, 0, 0, fault.code])
      #expect(try await find { $0.stream == 5 && $0.flags & Frame.endStream != 0 } != nil)
      tap.send("on")
      #expect(try await find { $0.stream == 1 && $0.payload == Array("on".utf8) } != nil)
      #expect(Frame.farewell(in: bytes) == nil)
    }
    #expect(refusals.withLock { $0 } == 1)
    await server.server.stop(grace: .zero)
  }

  /// Frames with bytes changed: whatever comes, the server answers or ends the connection, and goes on.
  @Test func changedFramesAreAnsweredOrEnded() async throws {
    var limits = HTTPLimits()
    limits.requestTime = .milliseconds(200)
    limits.idleTime = .milliseconds(50)
    limits.lingerTime = .milliseconds(50)
    // A window of no bytes is in the frames' power.
    limits.stallTime = .milliseconds(200)
    let server = try await SecureServer(limits: limits) { request in
      HTTPResponse(status: 200, text: request.target)
    }
    let seeds = [
      Frame.preface + Frame.bytes(.headers, flags: Self.request, stream: 1, Frame.getHead),
      Frame.preface + Frame.bytes(.headers, flags: Frame.endHeaders, stream: 1, Frame.postHead)
        + Frame.bytes(.data, flags: Frame.endStream, stream: 1, Array("hello world".utf8)),
      Frame.preface + Frame.bytes(.headers, stream: 1, Frame.getHead)
        + Frame.bytes(.continuation, flags: Frame.endHeaders, stream: 1, [0x40, 1, 0x61, 1, 0x62])
        + Frame.bytes(.window, stream: 1, [0, 0, 1, 0])
        + Frame.bytes(.reset, stream: 1, [0, 0, 0, 8]),
      Frame.preface + Frame.bytes(.settings, [0, 4, 0, 0, 0, 0])
        + Frame.bytes(.goAway, [0, 0, 0, 0, 0, 0, 0, 0])
        + Frame.bytes(.headers, flags: Self.request, stream: 3, Frame.getHead),
    ]
    var numbers = RepeatableNumbers(seed: 13)
    for _ in 0..<10 {
      let exchanges = (0..<16).map { index in
        let seed = seeds[index % seeds.count]
        // Without its preface nothing else of it would be looked at.
        let head = index.isMultiple(of: 8) ? 0 : Frame.preface.count
        return Array(seed[..<head]) + numbers.changed(Array(seed[head...]))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for bytes in exchanges {
          group.addTask {
            let answer = try await server.exchange(bytes, offering: ["h2"])
            #expect(answer.isEmpty || answer.dropFirst(3).first == Frame.Kind.settings.rawValue)
          }
        }
        try await group.waitForAll()
      }
    }
    await until { server.server.connections == 0 }
    // One that is slower than these limits allow asks again.
    await until {
      guard let client = try? await StreamClient(server) else { return false }
      return (try? await client.ask("/").answer())?.status == 200
    }
    await server.server.stop(grace: .zero)
  }
}
