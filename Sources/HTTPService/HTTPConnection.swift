import NIOCore
import NIOHTTP1

/// A connection of HTTP/1.1 in its event loop: reads one request after the other, and has each answered
/// before the next is looked at.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  enum State {
    /// Between requests.
    case waiting
    /// A request's body comes in.
    case reading(HTTPRequestHead)
    /// It is answered, on a task of its own.
    case answering(Task<Void, Never>)
    /// It has become a WebSocket, which the same task carries.
    case carrying(Task<Void, Never>)
    /// The client was told that it goes on no longer.
    case refusing
  }

  private let gate: ConnectionGate
  var channel: any Channel { gate.channel }
  private var serving: HTTPServing { gate.serving }
  var limits: HTTPLimits { gate.serving.limits }
  private let bytes: InboundBytes
  /// What makes requests of bytes, and bytes of answers.
  let parsing: [any RemovableChannelHandler]
  private let stream = StreamEnd()

  var state = State.waiting
  /// The body so far. Beside the state, so that it grows in place.
  private var body: [UInt8] = []
  /// What came while a request was answered: no more than one read brings.
  private var pending = CircularBuffer<HTTPServerRequestPart>()
  var isReadWanted = false
  /// Whether the connection ends with the answer that it owes.
  private var isEnding = false
  private var timer: Scheduled<Void>?

  private init(
    behind gate: ConnectionGate, _ bytes: InboundBytes, parsing: [any RemovableChannelHandler]
  ) {
    self.gate = gate
    self.bytes = bytes
    self.parsing = parsing
  }

  /// Has a connection speak HTTP/1.1.
  static func begin(behind gate: ConnectionGate) throws {
    let limits = gate.serving.limits
    let bytes = InboundBytes()
    var decoding = NIOHTTPDecoderLimitConfiguration()
    decoding.maxHeaderFieldSize = limits.targetBytes
    decoding.maxHeaderListSize = limits.headBytes
    decoding.maxHeaderFieldCount = limits.fields
    let encoder = HTTPResponseEncoder()
    let decoder = ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding))
    let connection = HTTPConnection(behind: gate, bytes, parsing: [encoder, bytes, decoder])
    try gate.channel.pipeline.syncOperations.addHandlers(encoder, bytes, decoder, connection)
    gate.end = { [weak connection] in connection?.end() }
    connection.begin()
  }

  private func begin() {
    bytes.onBegin = { [unowned self] in
      if case .waiting = state { expectRequest() }
    }
    if let reason = gate.refusal { refuse((503, reason)) } else { wait() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    switch state {
    case .answering(let task), .carrying(let task): task.cancel()
    case .waiting, .reading, .refusing: break
    }
    bytes.onBegin = {}
    context.fireChannelInactive()
  }

  func read(context: ChannelHandlerContext) {
    if case .answering = state {
      isReadWanted = true
    } else {
      context.read()
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .carrying = state {
      context.fireChannelRead(data)
      return
    }
    pending.append(unwrapInboundIn(data))
    takePending()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .carrying = state {
      context.fireErrorCaught(error)
      return
    }
    guard !(error is ByteToMessageDecoderError) else { return }
    switch error as? HTTPParserError {
    case nil: channel.close(promise: nil)
    case .headerOverflow? where bytes.lineBytes > limits.targetBytes:
      refuse((414, "the request target has more than \(limits.targetBytes) bytes"))
    case .headerOverflow?: refuse((431, limits.fieldsText))
    case .invalidVersion?: refuse((505, "this is a server of HTTP/1.1"))
    case let error?: refuse((400, "this is not HTTP: \(error)"))
    }
  }

  // MARK: Requests

  private func takePending() {
    while let part = pending.first {
      if case .answering = state { return }
      pending.removeFirst()
      take(part)
    }
  }

  private func take(_ part: HTTPServerRequestPart) {
    switch (part, state) {
    case (.head(let head), .waiting):
      state = .reading(head)
      body = []
      expectRequest()
      if let refusal = serving.refusal(of: head, from: gate.peer) {
        refuse(refusal)
      } else if HTTPServing.expectsContinue(head) {
        let goOn = HTTPResponseHead(version: head.version, status: .continue)
        channel.writeAndFlush(HTTPServerResponsePart.head(goOn), promise: nil)
      }
    case (.body(let buffer), .reading):
      guard body.count + buffer.readableBytes <= limits.bodyBytes else {
        refuse(serving.longBody)
        return
      }
      body.append(contentsOf: buffer.readableBytesView)
    case (.end, .reading(let head)): answer(head)
    default: return
    }
  }

  private func answer(_ head: HTTPRequestHead) {
    timer?.cancel()
    bytes.reset()
    guard serving.census.beginRequest() else { return refuse(serving.crowd) }
    let request = HTTPServing.request(head, body, from: gate.peer)
    body = []
    // The parser takes what follows a request for another protocol for that.
    let keepsOpen = head.isKeepAlive && !isEnding && !head.headers.contains(name: "Upgrade")
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let writer = ResponseWriter(
      channel: channel, isSecure: gate.isSecure, version: head.version,
      isHead: head.method == .HEAD, keepsOpen: keepsOpen, stallTime: limits.stallTime,
      stream: stream,
      carry: { [channel, limits, stream] tunnel in
        await Self.carry(tunnel, head, on: channel, bound, limits: limits, stream: stream)
      })
    state = .answering(
      Task { [serving, channel] in
        let isWhole = await serving.answer(request, by: writer)
        channel.eventLoop.execute { bound.value.answered(keepsOpen: isWhole && keepsOpen) }
      })
  }

  private func answered(keepsOpen: Bool) {
    guard channel.isActive else { return }
    guard keepsOpen, !isEnding else {
      channel.close(promise: nil)
      return
    }
    wait()
    takePending()
    if case .answering = state { return }
    if isReadWanted {
      isReadWanted = false
      channel.read()
    }
  }

  // MARK: Ends

  /// Ends the connection when it owes no answer, and the answer where it has no end of its own.
  private func end() {
    isEnding = true
    stream.end()
    if case .waiting = state { channel.close(promise: nil) }
  }

  /// Answers with a refusal and ends the connection; what the client still sends is thrown away for a
  /// while, so that it gets to read the answer.
  private func refuse(_ refusal: (status: Int, text: String)) {
    guard channel.isActive else { return }
    switch state {
    case .refusing: return
    case .answering, .carrying:
      isEnding = true
      return
    case .waiting, .reading: break
    }
    state = .refusing
    bytes.isDiscarding = true
    pending.removeAll()
    body = []
    serving.refused(gate.peer, refusal.text)
    let words = Array("\(refusal.text)\n".utf8)
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: refusal.status),
      headers: [
        "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(words.count)",
        "Date": HTTPDate.now, "Connection": "close",
      ])
    let buffer = channel.allocator.buffer(bytes: words)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(buffer)), promise: nil)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { [channel] _ in
      channel.close(mode: .output, promise: nil)
    }
    schedule(limits.lingerTime) { $0.channel.close(promise: nil) }
  }

  // MARK: Times

  private func wait() {
    state = .waiting
    schedule(limits.idleTime) { $0.channel.close(promise: nil) }
  }

  private func expectRequest() {
    schedule(limits.requestTime) { $0.refuse((408, "the request took too long to come in")) }
  }

  private func schedule(_ time: Duration, _ act: @escaping (HTTPConnection) -> Void) {
    timer?.cancel()
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
      guard let self else { return }
      act(self)
    }
  }
}
