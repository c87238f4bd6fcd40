import Sockets

/// A request of HTTP/1.1 on a connection of its own, and its answer (RFC 9112).
struct HTTPExchange: Sendable {
  /// What an answer may have at most.
  private enum Limit {
    static let head = 64 << 10
    static let line = 16 << 20
    static let body = 512 << 20
  }

  /// The answer is no HTTP, or too large.
  struct Malformed: Error {
    let reason: String

    init(_ reason: String) {
      self.reason = reason
    }
  }

  private static let ended = SocketError(reason: "the connection ended before the answer")

  private enum Framing {
    case length(Int)
    case chunks
    case toEnd
  }

  /// The status code.
  let status: Int
  /// The fields of the head; names in lower case.
  let fields: [(name: String, value: String)]

  private let stream: SocketStream
  private var received: [UInt8]
  /// Bytes of `received` that are taken.
  private var taken = 0
  private var framing: Framing
  /// Bytes left of the chunk in hand.
  private var chunk = 0
  private var hasChunk = false

  /// Sends a request and reads the head of the answer.
  ///
  /// - Throws: ``SocketError``, ``Malformed``, `CancellationError`.
  init(
    socket path: String, method: String, target: String, type: String? = nil, body: [UInt8] = []
  ) async throws {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += "Accept: application/json\r\n"
    if let type { head += "Content-Type: \(type)\r\n" }
    if !body.isEmpty || method != "GET" { head += "Content-Length: \(body.count)\r\n" }
    let stream = try await SocketStream.connect(to: path)
    var failure: SocketError?
    do {
      try await stream.write(Array((head + "\r\n").utf8) + body)
    } catch let error as SocketError {
      // A server may refuse before it has read all; then it says why.
      failure = error
    }
    self.stream = stream
    received = []
    var end: Int?
    var searched = 0
    while end == nil {
      let more = try await Self.more(stream, after: failure)
      received += more
      end = Self.endOfHead(received, from: searched)
      searched = max(0, received.count - 3)
      guard end ?? received.count <= Limit.head else { throw Malformed("a head without end") }
    }
    let lines = String(decoding: received[..<(end ?? 0)], as: UTF8.self)
      .split(separator: "\r\n", omittingEmptySubsequences: true)
    taken = end ?? 0
    let first = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
      throw Malformed("the answer does not begin as HTTP/1.1 does")
    }
    self.status = status
    fields = lines.dropFirst().compactMap { line in
      let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      return (name: sides[0].lowercased(), value: String(sides[1].drop { $0 == " " }))
    }
    framing = .toEnd
    if fields.contains(where: { $0.name == "transfer-encoding" && $0.value == "chunked" }) {
      framing = .chunks
    } else if let length = fields.first(where: { $0.name == "content-length" }) {
      guard let bytes = Int(length.value), bytes >= 0 else { throw Malformed("no length") }
      framing = .length(bytes)
    }
    if status == 204 || status == 304 || method == "HEAD" { framing = .length(0) }
  }

  /// The rest of the body.
  ///
  /// - Throws: as ``init(socket:method:target:type:body:)``.
  mutating func body() async throws -> [UInt8] {
    var body: [UInt8] = []
    while let part = try await part() {
      body += part
      guard body.count <= Limit.body else { throw Malformed("an answer without end") }
    }
    return body
  }

  /// The next line of the body, without its line feed; `nil` at the end.
  ///
  /// - Parameter rest: what came after the line before; kept by the caller between calls.
  /// - Throws: as ``init(socket:method:target:type:body:)``.
  mutating func line(_ rest: inout [UInt8]) async throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(rest[..<end])
        // Not removed from where it is, which would keep the room of the longest line.
        rest = Array(rest[(end + 1)...])
        return line
      }
      searched = rest.count
      guard rest.count <= Limit.line else { throw Malformed("a line without end") }
      guard let part = try await part() else { return nil }
      rest += part
    }
  }

  /// The next bytes of the body as they come; `nil` at its end.
  private mutating func part() async throws -> [UInt8]? {
    switch framing {
    case .length(let left):
      guard left > 0 else { return nil }
      let part = try await take(left)
      guard !part.isEmpty else { throw Self.ended }
      framing = .length(left - part.count)
      return part
    case .toEnd:
      let part = try await take(Int.max)
      return part.isEmpty ? nil : part
    case .chunks:
      if chunk == 0 {
        if hasChunk { _ = try await chunkLine() }
        let size = try await chunkLine().prefix { $0 != UInt8(ascii: ";") }
        guard let bytes = Int(String(decoding: size, as: UTF8.self), radix: 16), bytes >= 0 else {
          throw Malformed("a chunk without size")
        }
        hasChunk = true
        chunk = bytes
        guard bytes > 0 else {
          // Trailers are not asked for, and the connection ends here.
          framing = .length(0)
          return nil
        }
      }
      let part = try await take(chunk)
      guard !part.isEmpty else { throw Self.ended }
      chunk -= part.count
      return part
    }
  }

  private mutating func chunkLine() async throws -> [UInt8] {
    var line: [UInt8] = []
    while true {
      let byte = try await take(1)
      guard let byte = byte.first else { throw Self.ended }
      guard line.count < 100 else { throw Malformed("a chunk without size") }
      if byte == UInt8(ascii: "\n") { return line.last == 0x0d ? line.dropLast() : line }
      line.append(byte)
    }
  }

  /// Up to so many bytes; none at the end of the connection.
  private mutating func take(_ limit: Int) async throws -> [UInt8] {
    if taken == received.count {
      received = try await stream.read(64 << 10)
      taken = 0
    }
    let end = received.count - taken > limit ? taken + limit : received.count
    defer { taken = end }
    return Array(received[taken..<end])
  }

  private static func more(
    _ stream: SocketStream, after failure: SocketError?
  ) async throws -> [UInt8] {
    do {
      let more = try await stream.read(64 << 10)
      guard !more.isEmpty else { throw Self.ended }
      return more
    } catch {
      throw failure ?? error
    }
  }

  private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in start...(bytes.count - 4)
    where bytes[index] == 0x0d && bytes[index + 1] == 0x0a && bytes[index + 2] == 0x0d
      && bytes[index + 3] == 0x0a
    {
      return index + 4
    }
    return nil
  }
}
