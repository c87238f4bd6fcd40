import NIOCore

/// Sees a connection's bytes before they are decoded: knows how long the request line of the message
/// that is coming in is, and throws away what comes after a refusal.
final class InboundBytes: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// Whether what comes is thrown away.
  var isDiscarding = false
  /// Bytes of the first line since the last request was over.
  private(set) var lineBytes = 0
  private var hasLine = false
  /// Called when the first bytes of a request are there.
  var onBegin: () -> Void = {}
  private var hasBegun = false

  /// The next bytes are a new request's.
  func reset() {
    hasLine = false
    lineBytes = 0
    hasBegun = false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDiscarding else { return }
    if !hasBegun {
      hasBegun = true
      onBegin()
    }
    if !hasLine {
      let bytes = unwrapInboundIn(data).readableBytesView
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
      hasLine = end != nil
      lineBytes += (end ?? bytes.endIndex) - bytes.startIndex
    }
    context.fireChannelRead(data)
  }
}
