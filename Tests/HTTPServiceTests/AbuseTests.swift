import HTTPService
import Mutations
import NIOHTTP2
import Synchronization
import Testing

/// A frame of HTTP/2 in bytes (RFC 9113 section 4.1).
struct Frame {
  enum Kind: UInt8 {
    case data, headers, priority, reset, settings, push, ping, goAway, window, continuation
  }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + bytes(.settings)
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

  /// The error code of the first GOAWAY among frames.
  static func farewell(in bytes: [UInt8]) -> UInt8? {
    var rest = bytes[...]
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      let payload = Array(rest.dropFirst(9).prefix(length))
      if head[3] == Kind.goAway.rawValue, payload.count >= 8 { return payload[7] }
      rest = rest.dropFirst(9 + length)
    }
    return nil
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

  private static let (violation, compression, calm): (UInt8, UInt8, UInt8) = (0x1, 0x9, 0xb)
  private static let request = Frame.endHeaders | Frame.endStream

  private static func many(
    _ count: Int, after first: [UInt8] = [], _ frame: (Int) -> [UInt8]
  ) -> [UInt8] {
    var bytes = Frame.preface + first
    for number in 0..<count { bytes += frame(number) }
    return bytes
  }

  private static func get(_ number: Int) -> [UInt8] {
    Frame.bytes(.headers, flags: request, stream: 2 * number + 1, Frame.getHead)
  }

  static let cases = [
    Case(
      name: "streams that are begun and reset",
      bytes: many(201) { get($0) + Frame.bytes(.reset, stream: 2 * $0 + 1, [0, 0, 0, 8]) },
      code: calm),
    Case(name: "settings", bytes: many(201) { _ in Frame.bytes(.settings) }, code: calm),
    Case(
      name: "pings", bytes: many(201) { _ in Frame.bytes(.ping, [UInt8](repeating: 0, count: 8)) },
      code: calm),
    Case(
      name: "priorities",
      bytes: many(201) { _ in Frame.bytes(.priority, stream: 1, [0, 0, 0, 3, 0]) }, code: calm),
    Case(
      name: "a head in endless pieces",
      bytes: many(100, after: Frame.bytes(.headers, stream: 1, Frame.getHead)) { _ in
        Frame.bytes(.continuation, stream: 1)
      }, code: calm),
    Case(
      name: "empty data",
      bytes: many(
        10, after: Frame.bytes(.headers, flags: Frame.endHeaders, stream: 1, Frame.postHead)
      ) { _ in Frame.bytes(.data, stream: 1) }, code: calm),
    Case(name: "too many streams", bytes: many(251, get), code: violation),
    Case(
      name: "a small head that becomes large",
      bytes: many(1) { _ in
        Frame.bytes(
          .headers, flags: request, stream: 1, [UInt8](repeating: 0x82, count: 16 << 10))
      }, code: compression),
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
    let server = try await SecureServer(refused: { _, _ in refusals.withLock { $0 += 1 } }) {
      request in
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
