import NIOCore
import NIOHTTP1

/// A stream of a connection of HTTP/2 in its event loop: one request and its answer.
final class HTTP2Stream: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private enum State {
    case waiting
    /// The body comes in, and the request has its place in the census.
    case reading(HTTPRequestHead)
    case answering(Task<Void, Never>)
    /// What comes still is thrown away: bytes that are not read wait in memory, a window of each stream.
    case refusing
  }

  private let channel: any Channel
  private let gate: ConnectionGate
  private var serving: HTTPServing { gate.serving }
  private let ended: () -> Void
  private let chunks = StreamEnd()
  private var state = State.waiting
  private var body: [UInt8] = []
  /// Pieces of the body so far, those that are thrown away too.
  private var pieces = 0
  private var timer: Scheduled<Void>?

  /// A stream that has begun.
  ///
  /// - Parameter ended: called when it is over.
  init(_ channel: any Channel, of gate: ConnectionGate, ended: @escaping () -> Void) {
    self.channel = channel
    self.gate = gate
    self.ended = ended
  }

  /// Ends the answer where it has no end of its own.
  func end() { chunks.end() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    switch state {
    case .reading: serving.census.endRequest()
    case .answering(let task): task.cancel()
    case .waiting, .refusing: break
    }
    context.fireChannelInactive()
    ended()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    channel.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .body = part {
      pieces += 1
      guard pieces <= serving.limits.bodyPieces else { return breakOff() }
    }
    switch (part, state) {
    case (.head(let head), .waiting): take(head)
    case (.body(let buffer), .reading):
      guard body.count + buffer.readableBytes <= serving.limits.bodyBytes else {
        serving.census.endRequest()
        refuse(serving.longBody)
        return
      }
      body.append(contentsOf: buffer.readableBytesView)
    case (.end, .reading(let head)): answer(head)
    default: return
    }
  }

  private func take(_ head: HTTPRequestHead) {
    if let refusal = refusal(of: head) { return refuse(refusal) }
    // A body takes memory, and there are more streams than connections may be.
    guard serving.census.beginRequest() else { return refuse(serving.crowd) }
    state = .reading(head)
    schedule(serving.limits.requestTime) { stream in
      guard case .reading = stream.state else { return }
      stream.serving.census.endRequest()
      stream.refuse((408, "the request took too long to come in"))
    }
    if HTTPServing.expectsContinue(head) {
      let goOn = HTTPResponseHead(version: head.version, status: .continue)
      channel.writeAndFlush(HTTPServerResponsePart.head(goOn), promise: nil)
    }
  }

  private func refusal(of head: HTTPRequestHead) -> (status: Int, text: String)? {
    let limits = serving.limits
    if let reason = gate.refusal { return (503, reason) }
    guard head.uri.utf8.count <= limits.targetBytes else {
      return (414, "the request target has more than \(limits.targetBytes) bytes")
    }
    let sizes = head.headers.map { $0.name.utf8.count + $0.value.utf8.count }
    guard sizes.count <= limits.fields, sizes.allSatisfy({ $0 <= limits.targetBytes }),
      sizes.reduce(head.uri.utf8.count, +) <= limits.headBytes
    else {
      return (431, limits.fieldsText)
    }
    // The bytes of HTTP/1.1 are looked at by its parser.
    guard head.uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      return (400, "this is not HTTP: the request target has a space or a control character")
    }
    return serving.refusal(of: head, from: gate.peer)
  }

  private func answer(_ head: HTTPRequestHead) {
    timer?.cancel()
    let request = HTTPServing.request(head, body, from: gate.peer)
    body = []
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    let writer = ResponseWriter(
      channel: channel, isSecure: gate.isSecure, version: head.version,
      isHead: head.method == .HEAD, keepsOpen: true, stallTime: serving.limits.stallTime,
      stream: chunks,
      // Nobody can ask for one: a handshake has fields that HTTP/2 forbids.
      carry: { _ in })
    state = .answering(
      Task { [serving, channel] in
        let isWhole = await serving.answer(request, by: writer)
        channel.eventLoop.execute { bound.value.answered(isWhole) }
      })
  }

  private func answered(_ isWhole: Bool) {
    if !isWhole, channel.isActive { channel.close(promise: nil) }
  }

  /// Resets the stream. What is under way to it costs no more than its frames.
  private func breakOff() {
    guard channel.isActive else { return }
    serving.refused(
      gate.peer, "a body may come in \(serving.limits.bodyPieces) pieces, this one has more")
    channel.close(promise: nil)
  }

  /// Answers with a refusal. A client that sends on all the same has a while to read it.
  private func refuse(_ refusal: (status: Int, text: String)) {
    state = .refusing
    body = []
    serving.refused(gate.peer, refusal.text)
    let words = Array("\(refusal.text)\n".utf8)
    let head = HTTPResponseHead(
      version: .http2, status: .init(statusCode: refusal.status),
      headers: [
        "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(words.count)",
        "Date": HTTPDate.now,
      ])
    let buffer = channel.allocator.buffer(bytes: words)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(buffer)), promise: nil)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    schedule(serving.limits.lingerTime) { $0.channel.close(promise: nil) }
  }

  private func schedule(_ time: Duration, _ act: @escaping (HTTP2Stream) -> Void) {
    timer?.cancel()
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
      guard let self else { return }
      act(self)
    }
  }
}
