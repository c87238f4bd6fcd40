import Addresses
import NIOCore
import NIOHTTP1

/// A connection in its event loop: reads one request after the other, and has each answered before
/// the next is looked at.
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

  let channel: any Channel
  private let peer: HTTPPeer?
  private let bytes: InboundBytes
  /// What makes requests of bytes, and bytes of answers.
  let parsing: [any RemovableChannelHandler]
  private let census: ConnectionCensus
  let limits: HTTPLimits
  private let doorkeeper: HTTPDoorkeeper
  private let handler: HTTPHandler
  private let refused: HTTPRefusalHandler
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

  init(
    channel: any Channel, peer: HTTPPeer?, bytes: InboundBytes,
    parsing: [any RemovableChannelHandler], census: ConnectionCensus, limits: HTTPLimits,
    doorkeeper: @escaping HTTPDoorkeeper, handler: @escaping HTTPHandler,
    refused: @escaping HTTPRefusalHandler
  ) {
    self.channel = channel
    self.peer = peer
    self.bytes = bytes
    self.parsing = parsing
    self.census = census
    self.limits = limits
    self.doorkeeper = doorkeeper
    self.handler = handler
    self.refused = refused
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let reference = ConnectionReference(channel: channel) { [stream, channel] in
      stream.end()
      channel.eventLoop.execute { bound.value.end() }
    }
    bytes.onBegin = { [unowned self] in
      if case .waiting = state { expectRequest() }
    }
    let client: IPAddress? = if case .host(let address, _)? = peer { address } else { nil }
    let isOwnHost = channel.localAddress?.ipAddress == channel.remoteAddress?.ipAddress
    switch census.enter(reference, client: client, isOwnHost: isOwnHost) {
    case .admitted: wait()
    case .refused(let reason): refuse(503, reason)
    case .turnedAway: channel.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    switch state {
    case .answering(let task), .carrying(let task): task.cancel()
    case .waiting, .reading, .refusing: break
    }
    bytes.onBegin = {}
    census.leave(channel)
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
      refuse(414, "the request target has more than \(limits.targetBytes) bytes")
    case .headerOverflow?:
      refuse(
        431,
        "a field has more than \(limits.targetBytes) bytes, all have more than "
          + "\(limits.headBytes), or there are more than \(limits.fields)")
    case .invalidVersion?: refuse(505, "this is a server of HTTP/1.1")
    case let error?: refuse(400, "this is not HTTP: \(error)")
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
      let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
      if let refusal = doorkeeper(HTTPFields(head.headers), peer) {
        refuse(refusal.status, refusal.text)
      } else if length > limits.bodyBytes {
        refuse(413, "a body may have \(limits.bodyBytes) bytes")
      } else if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
        let goOn = HTTPResponseHead(version: head.version, status: .continue)
        channel.writeAndFlush(HTTPServerResponsePart.head(goOn), promise: nil)
      }
    case (.body(let buffer), .reading):
      guard body.count + buffer.readableBytes <= limits.bodyBytes else {
        refuse(413, "a body may have \(limits.bodyBytes) bytes")
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
    guard census.beginRequest() else {
      refuse(503, "\(limits.requests) requests are being answered already; try again later")
      return
    }
    let request = HTTPRequest(
      method: head.method.rawValue, target: head.uri,
      fields: HTTPFields(head.headers), body: body,
      peer: peer)
    body = []
    // The parser takes what follows a request for another protocol for that.
    let keepsOpen = head.isKeepAlive && !isEnding && !head.headers.contains(name: "Upgrade")
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let writer = ResponseWriter(
      channel: channel, version: head.version, isHead: head.method == .HEAD,
      keepsOpen: keepsOpen, stallTime: limits.stallTime, stream: stream,
      carry: { [channel, limits, stream] tunnel in
        await Self.carry(tunnel, head, on: channel, bound, limits: limits, stream: stream)
      })
    state = .answering(
      Task { [handler, channel, census] in
        let response: HTTPResponse
        do {
          response = try await handler(request)
        } catch {
          response = HTTPResponse(status: 500, text: "\(error)")
        }
        let isWhole = await writer.write(response)
        census.endRequest()
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

  /// Ends the connection when it owes no answer.
  private func end() {
    isEnding = true
    if case .waiting = state { channel.close(promise: nil) }
  }

  /// Answers with a refusal and ends the connection; what the client still sends is thrown away for a
  /// while, so that it gets to read the answer.
  private func refuse(_ status: Int, _ text: String) {
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
    refused(peer, text)
    let words = Array("\(text)\n".utf8)
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: status),
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
    schedule(limits.requestTime) { $0.refuse(408, "the request took too long to come in") }
  }

  private func schedule(_ time: Duration, _ act: @escaping (HTTPConnection) -> Void) {
    timer?.cancel()
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
      guard let self else { return }
      act(self)
    }
  }
}

extension HTTPFields {
  fileprivate init(_ headers: HTTPHeaders) {
    self.init(headers.map { (name: $0.name, value: $0.value) })
  }
}
