import Addresses
import FoundationEssentials
import HTTPService
import LabAuthority
import NIOCore
import NIOPosix
import NIOSSL
import Sockets
import TestSockets
import Testing

/// A server with a certificate, at a port of 127.0.0.1.
struct SecureServer {
  let server: HTTPServer
  private let authority: String

  init(
    limits: HTTPLimits = .patient, doorkeeper: @escaping HTTPDoorkeeper = { _, _ in nil },
    refused: @escaping HTTPRefusalHandler = { _, _ in }, handler: @escaping HTTPHandler
  ) async throws {
    let signer = try SigningAuthority(name: "test", from: .now - 3600, until: .now + 86_400)
    let signed = try signer.sign(
      server: "one", names: ["localhost"], addresses: [[127, 0, 0, 1]], from: .now - 3600,
      until: .now + 86_400)
    authority = try signer.kept().certificate
    server = try await HTTPServer.start(
      on: [
        .tcp(
          address: .v4(IPv4Address(rawValue: 0x7f00_0001)), port: 0,
          TLSIdentity(certificate: signed.certificate, key: signed.key))
      ], limits: limits, doorkeeper: doorkeeper, refused: refused, handler: handler)
  }

  /// Connects, and has TLS ready.
  ///
  /// - Parameters:
  ///   - offers: the protocols that the client speaks (ALPN).
  ///   - prepare: adds to the connection what comes after TLS.
  func connect<Result: Sendable>(
    offering offers: [String],
    prepare: @escaping @Sendable (any Channel) throws -> Result
  ) async throws -> Result {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
    configuration.applicationProtocols = offers
    let context = try NIOSSLContext(configuration: configuration)
    let port = try #require(server.ports.first)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
          return try prepare(channel)
        }
      }
  }

  /// Connects without TLS.
  func connectInPlain() throws -> SocketStream {
    try SocketStream.connect(
      to: .v4(IPv4Address(rawValue: 0x7f00_0001)), port: try #require(server.ports.first))
  }

  /// Sends bytes, and returns all that comes back until the server ends the connection.
  func exchange(_ bytes: [UInt8], offering offers: [String]) async throws -> [UInt8] {
    let connection = try await connect(offering: offers) {
      try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: $0)
    }
    return try await connection.executeThenClose { inbound, outbound in
      // A server that ends early may not take all.
      try? await outbound.write(ByteBuffer(bytes: bytes))
      var answer: [UInt8] = []
      do {
        for try await part in inbound { answer += part.readableBytesView }
      } catch {
        // However the connection ends, it is over.
        return answer
      }
      return answer
    }
  }
}
