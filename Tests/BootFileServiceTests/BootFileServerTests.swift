import Addresses
import FileSystem
import Foundation
import Glibc
import HTTPService
import Sockets
import Synchronization
import TestSockets
import Testing

@testable import BootFileService

/// The whole HTTP server on the loopback.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BootFileServerTests {
  /// A server of a folder of its own, and what it has logged.
  private final class TestServer: Sendable {
    /// The machine that `address` belongs to.
    static let mac = "02:00:00:00:00:05"
    static let address = "127.0.0.5"

    private struct Neighbors: NeighborTable {
      func hardwareAddresses(of address: IPAddress) async throws -> [MACAddress] {
        "\(address)" == TestServer.address ? [MACAddress(TestServer.mac)].compactMap(\.self) : []
      }
    }

    let folder: Folder
    let server: HTTPServer
    private let lines: Lines

    private final class Lines: Sendable {
      let all = Mutex<[String]>([])
    }

    init(_ files: [String: Int] = ["small": 3], limits: HTTPLimits = BootRoutes.limits) async throws
    {
      folder = try Folder()
      for (name, size) in files {
        try Files.write(Data(repeating: 0x78, count: size), to: "\(folder.path)/\(name)")
      }
      try Files.makeFolder("\(folder.path)/installed")
      let lines = Lines()
      self.lines = lines
      let log = AccessLog { line in
        lines.all.withLock { $0.append(line) }
        // A full disk holds nobody up.
        throw FileError("write", errno: ENOSPC)
      }
      let routes = BootRoutes(
        files: BootFiles(root: folder.path),
        installed: InstalledMachines(folder: "\(folder.path)/installed", neighbors: Neighbors()),
        log: log)
      let addresses = try ["127.0.0.1", "::1"].map { try #require(IPAddress($0)) }
      server = try await routes.serve(
        on: addresses.map { .tcp(address: $0, port: 0) }, limits: limits)
    }

    deinit { folder.remove() }

    /// What is logged, without the clients.
    var log: [String] {
      lines.all.withLock { $0 }.map {
        $0.split(separator: " ").dropFirst().joined(separator: " ")
      }
    }

    func connect(from client: String? = nil) throws -> SocketStream {
      let address = try #require(IPAddress("127.0.0.1"))
      return try SocketStream.connect(
        to: address, port: server.ports[0], from: client.flatMap { IPAddress($0) })
    }

    /// Sends a request, and returns all that comes back until the server ends the connection.
    func exchange(_ request: String, from client: String? = nil) async throws -> String {
      let stream = try connect(from: client)
      // A server that refuses early may not take all.
      try? await stream.write(Array(request.utf8))
      return try await stream.text()
    }

    func ask(_ line: String, _ fields: String = "") async throws -> String {
      try await exchange("\(line) HTTP/1.1\r\nHost: x\r\n\(fields)Connection: close\r\n\r\n")
    }

    /// What a machine that boots beside the others sees: its file, in no time.
    func servesAnother() async throws {
      let start = ContinuousClock.now
      #expect(
        try await exchange("GET /small HTTP/1.0\r\n\r\n", from: "127.0.0.9").hasSuffix(
          "\r\n\r\nxxx"))
      #expect(ContinuousClock.now - start < .seconds(1))
    }
  }

  @Test func filesAreServedAndLogged() async throws {
    let server = try await TestServer(["a b.efi": 10])
    let whole = try await server.ask("GET /a%20b.efi")
    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n") && whole.hasSuffix("\r\n\r\nxxxxxxxxxx"))
    #expect(whole.contains("Content-Type: application/efi\r\n"))
    let head = try await server.ask("HEAD /a%20b.efi")
    #expect(head.contains("Content-Length: 10\r\n") && head.hasSuffix("\r\n\r\n"))
    let part = try await server.ask("GET /a%20b.efi", "Range: bytes=2-3\r\n")
    #expect(part.hasPrefix("HTTP/1.1 206 ") && part.hasSuffix("\r\n\r\nxx"))
    #expect(part.contains("Content-Range: bytes 2-3/10\r\n"))
    #expect(
      try await server.ask("GET /a%20b.efi", "Range: bytes=10-\r\n").hasPrefix("HTTP/1.1 416 "))
    #expect(try await server.ask("GET /none").hasPrefix("HTTP/1.1 404 "))
    #expect(try await server.ask("DELETE /none").hasPrefix("HTTP/1.1 405 "))
    #expect(
      server.log == [
        "GET /a%20b.efi 200\n", "HEAD /a%20b.efi 200\n", "GET /a%20b.efi 206\n",
        "GET /a%20b.efi 416\n", "GET /none 404\n", "DELETE /none 405\n",
      ])
    await server.server.stop()
  }

  /// A path is not two lines, nor longer than a page.
  @Test(arguments: [
    ("fd00::5", "[fd00::5]:7"), ("192.168.1.5", "192.168.1.5:7"),
  ])
  func aLogsLineIsALine(_ address: String, _ client: String) throws {
    let lines = Mutex<[String]>([])
    let log = AccessLog { line in lines.withLock { $0.append(line) } }
    let target = "/a%0Ab" + String(repeating: "c", count: 10_000)
    log.note(
      HTTPRequest(
        method: "GET", target: target, peer: .host(try #require(IPAddress(address)), port: 7)),
      status: 404)
    let line = try #require(lines.withLock { $0.first })
    #expect(line.hasPrefix("\(client) GET /a%0Abccc") && line.hasSuffix("c 404\n"))
    #expect(line.utf8.count < 4200)
  }

  @Test(arguments: [1 << 20, 2 << 20])
  func aLongTargetHoldsUpNobody(_ size: Int) async throws {
    let server = try await TestServer()
    let long = try server.connect()
    async let refusal = long.text(until: "\r\n\r\n")
    try? await long.write(Array("GET /".utf8) + [UInt8](repeating: 0x61, count: size))
    try await server.servesAnother()
    #expect(try await refusal.hasPrefix("HTTP/1.1 414 "))
    await server.server.stop(grace: .zero)
  }

  @Test func aDownloadThatIsAbortedCostsNothing() async throws {
    let server = try await TestServer(["small": 3, "large": 64 << 20])
    let path = "\(server.folder.path)/large"
    var isOpen: Bool {
      let links = FileManager.default
      return (try? Files.names(in: "/proc/self/fd"))?.contains {
        (try? links.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
      } ?? true
    }
    for _ in 0..<20 {
      let stream = try server.connect()
      try await stream.write(Array("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      _ = try await stream.text(until: "\r\n\r\n")
      withExtendedLifetime(stream) { #expect(isOpen) }
    }
    try await server.servesAnother()
    while server.server.connections > 0 || isOpen { await Task.yield() }
    await server.server.stop()
  }

  /// Clients who send a byte now and then, and a client who takes none of its bytes.
  @Test func slowClientsHoldUpNobodyAndAreGivenUp() async throws {
    var limits = BootRoutes.limits
    limits.requestTime = .milliseconds(300)
    limits.stallTime = .milliseconds(300)
    limits.lingerTime = .milliseconds(100)
    let server = try await TestServer(["small": 3, "large": 64 << 20], limits: limits)
    let slow = try (0..<50).map { _ in try server.connect(from: "127.0.0.5") }
    let idle = try server.connect(from: "127.0.0.6")
    try await idle.write(Array("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    async let answers = withThrowingTaskGroup(of: String.self) { group in
      for stream in slow {
        group.addTask {
          async let answer = stream.text()
          for byte in "GET /small HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "b", count: 200))"
            .utf8
          {
            // Once it is refused, nobody takes what it sends.
            guard (try? await stream.write([byte])) != nil else { break }
            try await Task.sleep(for: .milliseconds(5))
          }
          return try await answer
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    try await server.servesAnother()
    #expect(try await answers.allSatisfy { $0.hasPrefix("HTTP/1.1 408 ") })
    while server.server.connections > 0 { await Task.yield() }
    await server.server.stop()
    withExtendedLifetime(idle) {}
  }

  @Test func moreConnectionsThanAllowedHoldUpNobody() async throws {
    var limits = BootRoutes.limits
    limits.lingerTime = .seconds(3600)
    let server = try await TestServer(limits: limits)
    let streams = try (0..<400).map { _ in try server.connect(from: "127.0.0.5") }
    let most = limits.connectionsOfClient + limits.refusals
    try await server.servesAnother()
    while server.server.connections != most { await Task.yield() }
    try await server.servesAnother()
    withExtendedLifetime(streams) {}
    await server.server.stop(grace: .zero)
  }

  @Test(arguments: [
    ("Content-Length: 0\r\n\r\n", 204), ("Content-Length: 4096\r\n\r\n\(body(4096))", 204),
    ("Content-Length: 4097\r\n\r\n", 413), ("Content-Length: 9000000000000\r\n\r\n", 413),
    ("Transfer-Encoding: chunked\r\n\r\n1001\r\n\(body(4097))\r\n0\r\n\r\n", 413),
  ])
  func aReportIsBounded(_ rest: String, _ status: Int) async throws {
    let server = try await TestServer()
    let answer = try await server.exchange(
      "POST /installed/\(TestServer.mac) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(rest)",
      from: TestServer.address)
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    let names = try Files.names(in: "\(server.folder.path)/installed")
    #expect(names == (status == 204 ? [TestServer.mac] : []))
    await server.server.stop(grace: .zero)
  }

  private static func body(_ size: Int) -> String { String(repeating: "a", count: size) }

  @Test func aBodyWithoutEndIsRefused() async throws {
    let server = try await TestServer()
    let stream = try server.connect(from: TestServer.address)
    let sender = Task {
      try await stream.write(
        Array(
          "POST /installed/\(TestServer.mac) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            .utf8))
      while true { try await stream.write(Array("400\r\n\(Self.body(1024))\r\n".utf8)) }
    }
    #expect(try await stream.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 413 "))
    try await server.servesAnother()
    // It is not listened to for long.
    await #expect(throws: SocketError.self) { try await sender.value }
    #expect(try Files.names(in: "\(server.folder.path)/installed") == [])
    await server.server.stop()
  }
}
