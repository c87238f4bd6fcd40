import NIOCore
import NIOHTTP1
import NIOWebSocket

extension HTTPConnection {
  /// Carries a WebSocket from its handshake to its end, with which the connection ends.
  ///
  /// - Parameter connection: the handler of the channel.
  static func carry(
    _ tunnel: WebSocketTunnel, _ head: HTTPRequestHead, on channel: any Channel,
    _ connection: NIOLoopBound<HTTPConnection>, limits: HTTPLimits, stream: StreamEnd
  ) async {
    do {
      let headers = try await handshake(tunnel.handshake, head, on: channel)
      let frames = try await channel.eventLoop.submit {
        try connection.value.switchToFrames(headers)
      }.get()
      try await frames.executeThenClose { inbound, outbound in
        let socket = WebSocketStream(
          inbound: inbound, outbound: outbound, channel: channel, stallTime: limits.stallTime)
        let carrying = Task { try await tunnel.carry(socket) }
        stream.begin(carrying)
        defer { stream.done() }
        _ = await withTaskCancellationHandler {
          await carrying.result
        } onCancel: {
          carrying.cancel()
        }
      }
    } catch {
      // The client is gone, or will be: there is nobody who could be told.
      channel.close(promise: nil)
    }
  }

  private static func handshake(
    _ handshake: WebSocketHandshake, _ head: HTTPRequestHead, on channel: any Channel
  ) async throws -> HTTPHeaders {
    var fields: HTTPHeaders = ["Date": HTTPDate.now]
    if let subprotocol = handshake.subprotocol {
      fields.add(name: "Sec-WebSocket-Protocol", value: subprotocol)
    }
    let upgrader = NIOWebSocketServerUpgrader(
      shouldUpgrade: { [fields] channel, _ in channel.eventLoop.makeSucceededFuture(fields) },
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    return try await channel.eventLoop.flatSubmit {
      upgrader.buildUpgradeResponse(
        channel: channel, upgradeRequest: head, initialResponseHeaders: [:])
    }.get()
  }

  /// Says that the protocol changes, and changes it before anything more is read.
  private func switchToFrames(
    _ headers: HTTPHeaders
  ) throws -> NIOAsyncChannel<WebSocketFrame, WebSocketFrame> {
    guard channel.isActive, case .answering(let task) = state else {
      throw ChannelError.ioOnClosedChannel
    }
    let head = HTTPResponseHead(
      version: .http1_1, status: .switchingProtocols, headers: headers)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    state = .carrying(task)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandlers(
      WebSocketFrameEncoder(),
      ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frameBytes)),
      WebSocketProtocolErrorHandler())
    let frames = try NIOAsyncChannel(
      wrappingChannelSynchronously: channel,
      configuration: NIOAsyncChannel.Configuration(
        inboundType: WebSocketFrame.self, outboundType: WebSocketFrame.self))
    // What has come after the request goes through to the frames.
    for handler in parsing {
      // Frames are handed on at the end of a read, and the one that brought these is over.
      pipeline.removeHandler(handler).whenComplete { [channel] _ in
        channel.pipeline.fireChannelReadComplete()
      }
    }
    if isReadWanted {
      isReadWanted = false
      channel.read()
    }
    return frames
  }
}
