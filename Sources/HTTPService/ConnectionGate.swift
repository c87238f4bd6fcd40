import Addresses
import NIOCore
import NIOHTTP1
import NIOTLS

/// The first handler of a connection, in its event loop: counts the connection from its first moment to its
/// last, and has it speak the version of HTTP that the client asks for by TLS (ALPN, RFC 7301).
final class ConnectionGate: ChannelInboundHandler {
  typealias InboundIn = Any
  typealias InboundOut = Any

  let channel: any Channel
  let peer: HTTPPeer?
  let serving: HTTPServing
  /// Whether TLS stands before it.
  let isSecure: Bool
  /// Ends the connection as soon as it owes no answer: what speaks on it has set it.
  var end: () -> Void
  /// Why the connection is one too many, when it is and may be told.
  private(set) var refusal: String?
  private var handshake: Scheduled<Void>?
  private var isSpeaking = false

  init(channel: any Channel, peer: HTTPPeer?, isSecure: Bool, serving: HTTPServing) {
    self.channel = channel
    self.peer = peer
    self.isSecure = isSecure
    self.serving = serving
    end = { [channel] in channel.close(promise: nil) }
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let reference = ConnectionReference(channel: channel) { [channel] in
      channel.eventLoop.execute { bound.value.end() }
    }
    let client: IPAddress? = if case .host(let address, _)? = peer { address } else { nil }
    let isOwnHost = channel.localAddress?.ipAddress == channel.remoteAddress?.ipAddress
    switch serving.census.enter(reference, client: client, isOwnHost: isOwnHost) {
    case .admitted: break
    case .refused(let reason): refusal = reason
    case .turnedAway: channel.close(promise: nil)
    }
    if isSecure {
      let time = refusal == nil ? serving.limits.handshakeTime : serving.limits.lingerTime
      handshake = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
        [channel] in channel.close(promise: nil)
      }
    } else {
      speak(inVersion2: false)
    }
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
      handshake?.cancel()
      speak(inVersion2: negotiated == "h2")
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isSpeaking {
      context.fireErrorCaught(error)
    } else {
      channel.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    handshake?.cancel()
    context.fireChannelInactive()
    serving.census.leave(channel)
  }

  private func speak(inVersion2 isVersion2: Bool) {
    guard channel.isActive, !isSpeaking else { return }
    isSpeaking = true
    do {
      if isVersion2 {
        try HTTP2Connection(behind: self).begin()
      } else {
        try HTTPConnection.begin(behind: self)
      }
    } catch {
      channel.close(promise: nil)
    }
  }
}
