import FileSystem
import FoundationEssentials
import Glibc
import HTTPService
import LabAuthority
import NIOCore
import NIOPosix
import NIOSSL
import Reconciliation
import Sockets
import TestSockets
import Testing

/// The server with a certificate, on a socket that was opened by somebody else.
@Suite struct TLSTests {
  /// A client that trusts one authority, and what it read until the end.
  private func exchange(port: Int, trusting authority: String, _ text: String) async throws
    -> String
  {
    let channel = try await openConnection(port: port, trusting: authority)
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

  private func openConnection(
    port: Int, trusting authority: String
  ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
    let context = try NIOSSLContext(configuration: configuration)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
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

  /// Who trusts the lab's authority trusts what one that it endorses signs, and so does who trusts that one
  /// alone; a connection that is open outlives the change.
  @Test func anAuthorityThatIsRenewedBreaksNobodysTrust() async throws {
    let (begin, end) = (Date.now - 3600, Date.now + 86_400)
    let lab = try SigningAuthority(name: "lab", from: begin, until: end, endorses: true)
    let trusted = try lab.kept().certificate
    func leaf(_ authority: SigningAuthority) throws -> IssuedCertificate {
      let signed = try authority.sign(
        server: "virt-api", names: ["localhost"], addresses: [], from: begin, until: end)
      let endorsed = try lab.endorse(try authority.kept().certificate)
      return IssuedCertificate(certificate: "\(signed.certificate)\n\(endorsed)", key: signed.key)
    }
    let first = try SigningAuthority(name: "kubevirt.io", from: begin, until: end)
    let shown = try leaf(first)
    let identity = try TLSIdentity(certificate: shown.certificate, key: shown.key)
    let server = try await HTTPServer.start(
      on: [.listening(descriptor: try listener(), identity)], limits: .patient
    ) { _ in HTTPResponse(status: 200, text: "here") }
    let port = try #require(server.ports.first)
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let own = try first.kept().certificate
    #expect(try await exchange(port: port, trusting: trusted, request).status == 200)
    #expect(try await exchange(port: port, trusting: own, request).status == 200)
    let kept = try await openConnection(port: port, trusting: own)
    try await kept.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      func ask() async throws -> Int? {
        try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        var answer = ""
        while !answer.isWholeAnswer, let part = try await parts.next() {
          answer += String(buffer: part)
        }
        return answer.isWholeAnswer ? answer.status : nil
      }
      #expect(try await ask() == 200)
      let second = try SigningAuthority(name: "kubevirt.io", from: begin, until: end)
      let renewed = try leaf(second)
      try identity.change(certificate: renewed.certificate, key: renewed.key)
      #expect(try await ask() == 200)
      #expect(try await exchange(port: port, trusting: trusted, request).status == 200)
      let bundle = try second.kept().certificate + "\n" + own
      #expect(try await exchange(port: port, trusting: bundle, request).status == 200)
      await #expect(throws: (any Error).self) {
        _ = try await exchange(port: port, trusting: own, request)
      }
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
      _ = try SigningAuthority(IssuedCertificate(certificate: "", key: ""))
    }
  }
}

extension String {
  /// Whether an answer's head is here, and as much of its body as `Content-Length` says.
  fileprivate var isWholeAnswer: Bool {
    guard let end = firstRange(of: "\r\n\r\n") else { return false }
    let name = "content-length:"
    let length = self[..<end.lowerBound].lowercased().split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix(name) }
      .flatMap { Int($0.dropFirst(name.count).drop { $0 == " " }) }
    return self[end.upperBound...].utf8.count >= length ?? 0
  }
}

/// Certificates as the controller has them made, read again.
@Suite struct SigningIssuerTests {
  private let issuer = SigningIssuer()
  private let validity = Validity(
    begin: Timestamp(seconds: 1_764_440_028), end: Timestamp(seconds: 1_764_612_828))

  @Test func whatIsMadeIsRead() throws {
    let authority = try issuer.makeAuthority("kubevirt.io", validity)
    let other = try issuer.makeAuthority("kubevirt.io", validity)
    let signed = try issuer.sign(
      CertificateSubject(name: "virt-api", names: ["localhost"], addresses: [[127, 0, 0, 1]]),
      validity, by: authority)
    #expect(issuer.validity(of: signed.certificate) == validity)
    #expect(issuer.validity(of: "nonsense") == nil)
    #expect(issuer.belongs(signed))
    #expect(
      !issuer.belongs(IssuedCertificate(certificate: signed.certificate, key: authority.key)))
    #expect(!issuer.belongs(IssuedCertificate(certificate: signed.certificate, key: "nonsense")))
    #expect(issuer.isAuthority(authority.certificate))
    #expect(!issuer.isAuthority(signed.certificate))
    #expect(!issuer.isAuthority("nonsense"))
    #expect(issuer.isSigned(signed.certificate, by: authority.certificate))
    // Of the same name, and with another key.
    #expect(!issuer.isSigned(signed.certificate, by: other.certificate))
    #expect(CertificateText.parts(of: "\(authority.certificate)\n\(signed.certificate)").count == 2)
  }
}
