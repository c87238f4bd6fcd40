import Sockets

/// A client of a WebSocket (RFC 6455), frame by frame.
package actor WebSocketClient {
  private let stream: SocketStream
  private var buffer: [UInt8] = []
  /// The server's answer to the handshake: its head, of a refusal its body too.
  package private(set) var answer = ""

  /// Connects to a server at a unix socket, and asks for a WebSocket.
  ///
  /// - Parameter fields: those of the head beside the ones that every such request has.
  package init(
    socket: String, target: String, fields: [String] = ["Sec-WebSocket-Protocol: plain.kubevirt.io"]
  ) async throws {
    stream = try await SocketStream.connect(to: socket)
    let head =
      [
        "GET \(target) HTTP/1.1", "Host: x", "Connection: keep-alive, Upgrade",
        "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ] + fields
    try await stream.write(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    while !answer.contains("\r\n\r\n") {
      let more = try await stream.read(1)
      guard !more.isEmpty else { break }
      answer += String(decoding: more, as: UTF8.self)
    }
    guard !answer.hasPrefix("HTTP/1.1 101 ") else { return }
    while let more = try? await stream.read(4096), !more.isEmpty {
      answer += String(decoding: more, as: UTF8.self)
    }
  }

  /// Sends a frame.
  ///
  /// - Parameters:
  ///   - opcode: 2 is binary, 8 close, 9 ping.
  ///   - length: what the head says, where that is not the payload's length.
  package func send(
    _ payload: [UInt8], opcode: UInt8 = 2, isLast: Bool = true, isMasked: Bool = true,
    length: Int? = nil
  ) async throws {
    let length = length ?? payload.count
    var frame = [(isLast ? 0x80 : 0) | opcode]
    let mask: UInt8 = isMasked ? 0x80 : 0
    switch length {
    case ..<126: frame.append(mask | UInt8(length))
    case ..<65536: frame += [mask | 126, UInt8(length >> 8), UInt8(length & 0xff)]
    default: frame += [mask | 127] + (0..<8).map { UInt8(length >> (56 - 8 * $0) & 0xff) }
    }
    let key: [UInt8] = isMasked ? [1, 2, 3, 4] : []
    frame += key
    frame += payload.enumerated().map { isMasked ? $1 ^ key[$0 % 4] : $1 }
    try await stream.write(frame)
  }

  /// The next frame from the server, whose payload is shorter than 64 KiB; `nil` at the end of the
  /// connection.
  package func receive() async throws -> (opcode: UInt8, payload: [UInt8])? {
    while true {
      if buffer.count >= 2 {
        let isLong = buffer[1] == 126
        let head = isLong ? 4 : 2
        if buffer.count >= head {
          let length = isLong ? Int(buffer[2]) << 8 | Int(buffer[3]) : Int(buffer[1])
          if buffer.count >= head + length {
            defer { buffer.removeFirst(head + length) }
            return (buffer[0] & 0x0f, Array(buffer[head..<head + length]))
          }
        }
      }
      guard let more = try? await stream.read(64 << 10), !more.isEmpty else { return nil }
      buffer += more
    }
  }

  /// What comes in messages until a text is in it, or the connection ends.
  package func text(until wanted: String) async throws -> String {
    var text = ""
    while !text.contains(wanted), let (opcode, payload) = try await receive(), opcode == 2 {
      text += String(decoding: payload, as: UTF8.self)
    }
    return text
  }
}
