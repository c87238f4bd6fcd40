import FileSystem
import FoundationEssentials
import Glibc
import HTTPService
import LabAuthority
import NIOCore
import NIOPosix
import NIOSSL
import Sockets
import TestSockets
import Testing

/// The server with a certificate, on a socket that was opened by somebody else.
@Suite struct TLSTests {
  /// A client that trusts one authority, and what it read until the end.
  private func exchange(port: Int, trusting authority: String, _ text: String) async throws
    -> String
  {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
    let context = try NIOSSLContext(configuration: configuration)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var answer = ""
      do {
        for try await part in inbound { answer += String(buffer: part) }
      } catch NIOSSLError.uncleanShutdown {
        return answer
      }
      return answer
    }
  }

  /// The far end of a socket pair, by which a listening socket is sent as to another process.
  private func listener() throws -> Int32 {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    try LoopbackListener(port: 0).send(over: ends[0])
    return try DescriptorPassing.receive(from: ends[1])
  }

  @Test func anInheritedSocketIsServedWithTLS() async throws {
    let authority = try SigningAuthority(name: "test", from: .now - 3600, until: .now + 86_400)
    let signed = try authority.sign(
      server: "one", names: ["localhost"], addresses: [[127, 0, 0, 1]], from: .now - 3600,
      until: .now + 86_400)
    let identity = try TLSIdentity(certificate: signed.certificate, key: signed.key)
    let server = try await HTTPServer.start(
      on: [.listening(descriptor: try listener(), identity)], limits: .patient
    ) { request in
      if case .host? = request.peer { return HTTPResponse(status: 200, text: "a host") }
      return HTTPResponse(status: 500, text: "who?")
    }
    let port = try #require(server.ports.first)
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let trusted = try authority.kept().certificate
    #expect(try await exchange(port: port, trusting: trusted, request).body == "a host\n")

    // Another certificate of another authority, while the server runs.
    let next = try SigningAuthority(name: "next", from: .now - 3600, until: .now + 86_400)
    let renewed = try next.sign(
      server: "two", names: ["localhost"], addresses: [], from: .now - 3600, until: .now + 86_400)
    try identity.change(certificate: renewed.certificate, key: renewed.key)
    let nextTrusted = try next.kept().certificate
    #expect(try await exchange(port: port, trusting: nextTrusted, request).status == 200)
    await #expect(throws: (any Error).self) {
      _ = try await exchange(port: port, trusting: trusted, request)
    }
    #expect(throws: HTTPServerError.self) {
      try identity.change(certificate: "no certificate", key: renewed.key)
    }
    await server.stop(grace: .zero)
  }

  /// Who is not let in is told so before a body comes.
  @Test func aDoorkeeperLooksAtTheHead() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-http-test.")
    let server = try await HTTPServer.start(
      on: [.unix(path: "\(folder)/socket", users: [getuid()])], limits: .patient,
      doorkeeper: { fields, _ in fields["Key"] == "right" ? nil : (401, "Unauthorized") }
    ) { request in HTTPResponse(status: 200, text: "\(request.body.count)") }
    for (key, status) in [("right", 200), ("wrong", 401)] {
      let stream = try await SocketStream.connect(to: "\(folder)/socket")
      let head = "POST / HTTP/1.1\r\nHost: x\r\nKey: \(key)\r\nContent-Length: 3\r\n\r\n"
      try await stream.write(Array(head.utf8))
      if status == 200 { try await stream.write(Array("abc".utf8)) }
      #expect(try await stream.text(until: "\r\n\r\n").status == status)
    }
    await server.stop(grace: .zero)
    try Files.remove(folder)
  }

  @Test func anAuthorityIsKept() throws {
    let made = try SigningAuthority(name: "kept", from: .now, until: .now + 60)
    let again = try SigningAuthority(try made.kept())
    #expect(try again.kept() == made.kept())
    #expect(throws: (any Error).self) {
      _ = try SigningAuthority(SigningAuthority.Signed(certificate: "", key: ""))
    }
  }
}
