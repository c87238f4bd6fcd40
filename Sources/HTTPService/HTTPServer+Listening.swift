import Addresses
import Glibc
import NIOCore
import NIOPosix

extension HTTPServer {
  /// Two threads send what the links of a lab carry; a thread for each processor would be many in each
  /// of a lab's processes. They last as long as the process.
  private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)

  /// Listens on an address, and serves who connects.
  static func listen(on address: ServerAddress, _ serving: HTTPServing) async throws -> any Channel
  {
    let bootstrap = ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 512)
      // Without free descriptors, accept(2) would fail again and again.
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
        }
      }
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        switch address {
        case .unix(_, let users):
          process(behind: channel).flatMapThrowing { peer in
            guard case .process(_, let user) = peer, users.contains(user) else { throw Stranger() }
            try add(to: channel, peer, serving)
          }
        case .listening(_, let identity), .tcp(_, _, let identity?):
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(identity.makeHandler())
            try add(to: channel, host(behind: channel), serving, isSecure: true)
          }
        case .tcp:
          channel.eventLoop.makeCompletedFuture {
            try add(to: channel, host(behind: channel), serving)
          }
        }
      }
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
      return listener
    case .listening(let descriptor, _):
      return try await bootstrap.childChannelOption(.socketOption(.so_keepalive), value: 1)
        .withBoundSocket(descriptor).get()
    case .tcp(let host, let port, _):
      return try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.so_keepalive), value: 1)
        .bind(to: SocketAddress(ipAddress: "\(host)", port: Int(port))).get()
    }
  }

  private static func add(
    to channel: any Channel, _ peer: HTTPPeer?, _ serving: HTTPServing, isSecure: Bool = false
  ) throws {
    try channel.pipeline.syncOperations.addHandler(
      ConnectionGate(channel: channel, peer: peer, isSecure: isSecure, serving: serving))
  }

  private struct Stranger: Error {}

  /// `struct ucred` (unix(7)).
  private struct SocketCredentials {
    var process: Int32
    var user: UInt32
    var group: UInt32
  }

  private static func process(behind channel: any Channel) -> EventLoopFuture<HTTPPeer> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(Stranger())
    }
    let found: EventLoopFuture<SocketCredentials> = options.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SO_PEERCRED))
    return found.map { .process(id: $0.process, user: $0.user) }
  }

  /// `nil` for a client that is gone already.
  private static func host(behind channel: any Channel) -> HTTPPeer? {
    guard let address = channel.remoteAddress, let text = address.ipAddress,
      let ip = IPAddress(text), let port = address.port
    else { return nil }
    return .host(ip, port: UInt16(port))
  }
}
