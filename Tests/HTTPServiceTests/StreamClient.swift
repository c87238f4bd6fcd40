import HTTPService
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import Testing

/// A connection of HTTP/2 from the client's side.
struct StreamClient {
  /// What a server says at a connection's end.
  struct Farewell: Equatable {
    let last: Int
    let code: HTTP2ErrorCode
  }

  let channel: any Channel
  private let multiplexer: NIOHTTP2Handler.AsyncStreamMultiplexer<Void>
  let farewells: AsyncStream<Farewell>

  init(_ server: SecureServer) async throws {
    let (farewells, noted) = AsyncStream.makeStream(of: Farewell.self)
    self.farewells = farewells
    (channel, multiplexer) = try await server.connect(offering: ["h2", "http/1.1"]) { channel in
      let multiplexer = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
        mode: .client
      ) { $0.eventLoop.makeSucceededVoidFuture() }
      try channel.pipeline.syncOperations.addHandler(FarewellHandler(noted))
      return (channel, multiplexer)
    }
  }

  /// Begins a request.
  ///
  /// - Parameters:
  ///   - isWhole: whether the body ends with these bytes.
  ///   - isRead: whether what the server sends is taken as it comes; else not at all.
  func ask(
    _ method: HTTPMethod, _ target: String, _ fields: HTTPHeaders = [:], body: [UInt8] = [],
    isWhole: Bool = true, isRead: Bool = true
  ) async throws -> AskedStream {
    let (parts, noted) = AsyncThrowingStream.makeStream(of: HTTPClientResponsePart.self)
    let stream = try await multiplexer.openStream { stream in
      stream.eventLoop.makeCompletedFuture {
        try stream.syncOptions?.setOption(.autoRead, value: isRead)
        try stream.pipeline.syncOperations.addHandlers(
          HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .https), PartHandler(noted))
        return stream
      }
    }
    var fields = fields
    fields.add(name: "host", value: "localhost")
    let head = HTTPRequestHead(version: .http2, method: method, uri: target, headers: fields)
    stream.write(HTTPClientRequestPart.head(head), promise: nil)
    if !body.isEmpty {
      stream.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
    // A server that refuses early may have ended the stream.
    if isWhole {
      stream.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    } else {
      stream.flush()
    }
    return AskedStream(channel: stream, parts: parts)
  }

  /// Begins a request without a body.
  func ask(_ target: String, isRead: Bool = true) async throws -> AskedStream {
    try await ask(.GET, target, isRead: isRead)
  }

  func close() async throws { try await channel.close().get() }
}

/// A request that was sent, and what comes back.
struct AskedStream {
  let channel: any Channel
  let parts: AsyncThrowingStream<HTTPClientResponsePart, any Error>

  /// The status that comes next, after which the body can come.
  func head() async throws -> HTTPResponseHead? {
    for try await case .head(let head) in parts { return head }
    return nil
  }

  /// The piece of the body that comes next; `nil` at its end.
  func chunk() async throws -> String? {
    for try await part in parts {
      switch part {
      case .head: continue
      case .body(let buffer): return String(buffer: buffer)
      case .end: return nil
      }
    }
    return nil
  }

  /// The whole answer.
  ///
  /// - Throws: an error when the server breaks it off.
  func answer() async throws -> (status: Int, body: String) {
    let status = try await head().map { Int($0.status.code) } ?? 0
    var body = ""
    while let chunk = try await chunk() { body += chunk }
    return (status, body)
  }
}

private final class PartHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let noted: AsyncThrowingStream<HTTPClientResponsePart, any Error>.Continuation

  init(_ noted: AsyncThrowingStream<HTTPClientResponsePart, any Error>.Continuation) {
    self.noted = noted
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    noted.yield(unwrapInboundIn(data))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    noted.finish(throwing: error)
  }

  func channelInactive(context: ChannelHandlerContext) { noted.finish() }
}

private final class FarewellHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame

  private let noted: AsyncStream<StreamClient.Farewell>.Continuation

  init(_ noted: AsyncStream<StreamClient.Farewell>.Continuation) {
    self.noted = noted
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .goAway(let last, let code, _) = unwrapInboundIn(data).payload {
      noted.yield(StreamClient.Farewell(last: Int(last), code: code))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { noted.finish() }
}
