import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers a request. What it throws is answered with 500. Its task is cancelled when the client is
/// gone.
package typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// An HTTP/1.1 server (RFC 9110, RFC 9112) on a unix socket or a TCP port.
///
/// Its clients need not be trusted: all that they can make it hold or wait for is bounded.
package final class HTTPServer: Sendable {
  private let listener: any Channel
  private let census: ConnectionCensus

  /// The TCP port; 0 for a unix socket.
  package let port: Int

  private init(_ listener: any Channel, _ census: ConnectionCensus) {
    self.listener = listener
    self.census = census
    port = listener.localAddress?.port ?? 0
  }

  /// Starts to listen; the server goes on until it is stopped.
  ///
  /// - Throws: ``HTTPServerError``.
  package static func start(
    on address: ServerAddress, limits: HTTPLimits = HTTPLimits(), handler: @escaping HTTPHandler
  ) async throws(HTTPServerError) -> HTTPServer {
    let census = ConnectionCensus(limits: limits)
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 512)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        guard case .unix(_, let users) = address else {
          return prepare(channel, peer: nil, census, limits, handler)
        }
        return credentials(of: channel).flatMap { peer in
          guard users.contains(peer.user) else {
            return channel.eventLoop.makeFailedFuture(Stranger())
          }
          return prepare(channel, peer: peer, census, limits, handler)
        }
      }
    do {
      switch address {
      case .unix(let path, _):
        let listener = try await bootstrap.bind(
          unixDomainSocketPath: path, cleanupExistingSocketFile: true
        ).get()
        guard chmod(path, 0o600) == 0 else {
          let reason = String(cString: strerror(errno))
          try await listener.close()
          throw HTTPServerError(description: "\(path): its mode cannot be set: \(reason)")
        }
        return HTTPServer(listener, census)
      case .tcp(let host, let port):
        let listener = try await bootstrap.serverChannelOption(
          .socketOption(.so_reuseaddr), value: 1
        )
        .childChannelOption(.socketOption(.so_keepalive), value: 1)
        .bind(host: host, port: port).get()
        return HTTPServer(listener, census)
      }
    } catch let error as HTTPServerError {
      throw error
    } catch {
      throw HTTPServerError(description: "cannot listen on \(address): \(error)")
    }
  }

  /// The connections that are open now.
  package var connections: Int { census.connections }

  /// Ends the server: no new connections, idle ones are closed, streams end, answers are finished
  /// within the grace, and what is not done then is broken off. Returns when all is closed.
  package func stop(grace: Duration = .seconds(5)) async {
    // It can only be closed already.
    try? await listener.close()
    for connection in census.close() { connection.end() }
    let deadline = Task { [census] in
      try await Task.sleep(for: grace)
      for connection in census.open { connection.abort() }
    }
    await census.waitUntilEmpty()
    deadline.cancel()
  }

  private struct Stranger: Error {}

  /// `struct ucred` (unix(7)).
  private struct SocketCredentials {
    var process: Int32
    var user: UInt32
    var group: UInt32
  }

  private static func credentials(of channel: any Channel) -> EventLoopFuture<PeerCredentials> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(Stranger())
    }
    let found: EventLoopFuture<SocketCredentials> = options.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SO_PEERCRED))
    return found.map { PeerCredentials(process: $0.process, user: $0.user) }
  }

  private static func prepare(
    _ channel: any Channel, peer: PeerCredentials?, _ census: ConnectionCensus,
    _ limits: HTTPLimits, _ handler: @escaping HTTPHandler
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let bytes = InboundBytes()
      var decoding = NIOHTTPDecoderLimitConfiguration()
      decoding.maxHeaderFieldSize = limits.targetBytes
      decoding.maxHeaderListSize = limits.headBytes
      decoding.maxHeaderFieldCount = limits.fields
      let decoder = HTTPRequestDecoder(
        leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
      let connection = HTTPConnection(
        channel: channel, peer: peer, bytes: bytes, census: census, limits: limits,
        handler: handler)
      try channel.pipeline.syncOperations.addHandlers(
        HTTPResponseEncoder(), bytes, ByteToMessageHandler(decoder), connection)
    }
  }
}
