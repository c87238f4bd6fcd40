import NIOCore
import NIOWebSocket

/// A WebSocket at the server's end, for one task that reads and others that write. Messages are taken for
/// pieces of a stream of bytes: where one ends says nothing.
package struct WebSocketStream: Sendable {
  let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
  let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  let channel: any Channel
  let stallTime: Duration

  /// Sends bytes as a message.
  ///
  /// - Throws: an error when the client is gone, or takes nothing for the server's stall time.
  package func write(_ bytes: [UInt8]) async throws {
    try await send(.binary, channel.allocator.buffer(bytes: bytes))
  }

  /// Hands on what the client sends, each piece before the next is read. It returns when the client has
  /// closed the WebSocket or broken its rules, of which it is told, and when the task is cancelled.
  ///
  /// - Throws: an error when the connection ends without that; what `take` throws.
  package func receive(_ take: ([UInt8]) async throws -> Void) async throws {
    for try await frame in inbound {
      // RFC 6455 sections 5.1 and 5.2.
      guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
        return try await close(.protocolError)
      }
      switch frame.opcode {
      case .binary, .text, .continuation:
        try await take(Array(frame.unmaskedData.readableBytesView))
      case .ping: try await send(.pong, frame.unmaskedData)
      case .pong: continue
      case .connectionClose:
        var said = frame.unmaskedData
        return try await close(said.readWebSocketErrorCode() ?? .normalClosure)
      default: return try await close(.protocolError)
      }
    }
  }

  private func close(_ code: WebSocketErrorCode) async throws {
    var buffer = channel.allocator.buffer(capacity: 2)
    buffer.write(webSocketErrorCode: code)
    try await send(.connectionClose, buffer)
  }

  private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
    let stall = channel.eventLoop.scheduleTask(in: TimeAmount(stallTime)) {
      channel.close(promise: nil)
    }
    defer { stall.cancel() }
    try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, data: data))
  }
}
