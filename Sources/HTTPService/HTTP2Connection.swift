import NIOCore
import NIOHTTP2

/// A connection of HTTP/2 (RFC 9113) in its event loop: the streams that are open on it, and its end.
///
/// What one client can do to the others is bounded here, by what is said in ``configuration(_:)``; what a stream
/// may do is ``HTTP2Stream``'s.
final class HTTP2Connection: ChannelInboundHandler, NIOHTTP2FrameDelegate {
  typealias InboundIn = HTTP2Frame

  let gate: ConnectionGate
  private var channel: any Channel { gate.channel }
  private var limits: HTTPLimits { gate.serving.limits }
  private var streams: [HTTP2StreamID: HTTP2Stream] = [:]
  /// The last stream that is answered.
  private var last = HTTP2StreamID.rootStream
  private var isEnding = false
  /// Whether the client was told of an error of the connection.
  private var hasSaidError = false
  private var isBroken = false
  private var timer: Scheduled<Void>?
  /// Runs while the client takes nothing of what is written.
  private var stall: Scheduled<Void>?

  init(behind gate: ConnectionGate) {
    self.gate = gate
  }

  /// All streams of a connection have the same share of it: swift-nio-http2 sends a frame of each in turn. It
  /// ends the connection beyond these numbers: streams that are begun and reset at once (CVE-2023-44487),
  /// heads in endless pieces (VU#421644), floods of SETTINGS, PING, PRIORITY and of empty DATA.
  private static func configuration(_ limits: HTTPLimits) -> NIOHTTP2Handler.Configuration {
    var configuration = NIOHTTP2Handler.Configuration()
    configuration.connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.streams),
      // Each field counts for 32 bytes more than it has (RFC 9113 section 6.5.2). A head of up to twice the
      // limit is refused with a status; what counts for more than this ends the connection.
      HTTP2Setting(parameter: .maxHeaderListSize, value: 2 * limits.headBytes + 32 * limits.fields),
    ]
    // What was under way to streams that were reset is no fault.
    configuration.connection.maximumRecentlyResetStreams = limits.streams
    // With the first frame they hold 144 KiB of 16 KiB each, more than the list above may have.
    configuration.connection.maximumSequentialContinuationFrames = 8
    configuration.connection.maximumBufferedControlFrames = 1000
    configuration.connection.controlFrameRateLimit.maximumCount = limits.controlFrames
    configuration.stream.streamResetFrameRateLimit.maximumCount = limits.resets
    configuration.stream.streamErrorRateLimit.maximumCount = limits.resets
    return configuration
  }

  func begin() throws {
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let configuration = Self.configuration(limits)
    gate.end = { [weak self] in self?.end() }
    let pipeline = channel.pipeline.syncOperations
    // The sequence of streams is for clients of another kind: without a reader it keeps none.
    _ = try pipeline.configureAsyncHTTP2Pipeline(
      mode: .server, streamDelegate: nil, frameDelegate: self, configuration: configuration
    ) { stream in
      stream.eventLoop.makeCompletedFuture { try bound.value.add(stream) }
    }
    try pipeline.addHandler(self)
    wait()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    stall?.cancel()
    context.fireChannelInactive()
  }

  /// A stream that takes nothing loses itself; the connection ends when nothing of it is taken for as long.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    stall?.cancel()
    if !channel.isWritable {
      stall = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.stallTime)) {
        [channel] in channel.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  func wroteFrame(_ frame: HTTP2Frame) {
    if case .goAway(_, let code, _) = frame.payload, code != .noError { hasSaidError = true }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // One that came after the connection's end was said: it is refused, and the client asks elsewhere.
    if error is NIOHTTP2Errors.StreamError { return }
    if error is any NIOHTTP2Error {
      if !isBroken {
        gate.serving.refused(gate.peer, "this is not HTTP/2 as it should be: \(error)")
      }
      // Errors of a stream come here too, and look the same. It is reset already, and the others go on.
      guard hasSaidError || Self.cannotSayError(error) else { return }
    }
    isBroken = true
    channel.close(promise: nil)
  }

  /// Whether an error means that a connection which ends has another error, of which it can say nothing more.
  private static func cannotSayError(_ error: any Error) -> Bool {
    error is NIOHTTP2Errors.RaisedGoawayLastStreamID
      || error is NIOHTTP2Errors.IOOnClosedConnection
  }

  // MARK: Streams

  private func add(_ channel: any Channel) throws {
    guard let id = try channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID) else {
      throw ChannelError.inappropriateOperationForState
    }
    let stream = HTTP2Stream(channel, of: gate) { [weak self] in self?.remove(id) }
    try channel.pipeline.syncOperations.addHandlers(HTTP2FramePayloadToHTTP1ServerCodec(), stream)
    streams[id] = stream
    last = max(last, id)
    // A connection that is refused has its time, whatever it asks.
    if gate.refusal == nil { timer?.cancel() }
  }

  private func remove(_ id: HTTP2StreamID) {
    streams[id] = nil
    guard streams.isEmpty, channel.isActive else { return }
    guard isEnding || gate.refusal != nil else { return wait() }
    // The stream's last frame is written, and not yet flushed.
    channel.eventLoop.assumeIsolated().execute { [weak self] in
      guard let self else { return }
      end()
    }
  }

  // MARK: Ends

  private func wait() {
    let time = gate.refusal == nil ? limits.idleTime : limits.lingerTime
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
      guard let self else { return }
      end()
    }
  }

  /// Says which streams are answered still, ends those that have no end of their own, and the connection
  /// after the last. A client asks again, at another connection, what is not answered.
  private func end() {
    guard channel.isActive else { return }
    if !isEnding {
      isEnding = true
      timer?.cancel()
      channel.writeAndFlush(
        HTTP2Frame(
          streamID: .rootStream,
          payload: .goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil)),
        promise: nil)
      for stream in streams.values { stream.end() }
    }
    if streams.isEmpty { channel.close(promise: nil) }
  }
}
