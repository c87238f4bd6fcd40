import Addresses
import FileSystem
import Foundation
import Glibc
import Synchronization
import Testing

@testable import BootService

/// The whole HTTP server on the loopback.
@Suite(.timeLimit(.minutes(5))) struct HTTPListenerTests {
  /// Sends a request as it stands and answers all that comes back.
  private func exchange(_ request: String, port: UInt16) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        guard connected == 0 else {
          continuation.resume(throwing: FileError("connect"))
          return
        }
        _ = request.withCString { send(descriptor, $0, strlen($0), 0) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
          answer += buffer.prefix(count)
        }
        continuation.resume(returning: String(decoding: answer, as: UTF8.self))
      }
    }
  }

  @Test func filesAreServedAndLogged() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    try Files.write("0123456789", to: "\(folder.path)/a b.efi")
    let lines = Mutex<[String]>([])
    let handler = AccessLog(BootFiles(root: folder.path)) { line in
      lines.withLock { $0.append(line) }
      // A full disk holds nobody up.
      throw FileError("write", errno: ENOSPC)
    }
    let (ports, port) = AsyncStream.makeStream(of: UInt16.self)
    let server = Task {
      try await HTTPListener(handler: handler).run(on: ["127.0.0.1"], port: 0) { bound in
        for number in bound { port.yield(number) }
      }
    }
    defer { server.cancel() }
    let number = try #require(await ports.first { _ in true })
    func ask(_ line: String, _ header: String = "") async throws -> String {
      try await exchange(
        "\(line) HTTP/1.1\r\nHost: x\r\n\(header)Connection: close\r\n\r\n", port: number)
    }
    let whole = try await ask("GET /a%20b.efi")
    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n") && whole.hasSuffix("\r\n\r\n0123456789"))
    #expect(whole.contains("Content-Type: application/efi\r\n"))
    let head = try await ask("HEAD /a%20b.efi")
    #expect(head.contains("Content-Length: 10\r\n") && head.hasSuffix("\r\n\r\n"))
    let part = try await ask("GET /a%20b.efi", "Range: bytes=2-3\r\n")
    #expect(part.hasPrefix("HTTP/1.1 206 ") && part.hasSuffix("\r\n\r\n23"))
    #expect(part.contains("Content-Range: bytes 2-3/10\r\n"))
    #expect(try await ask("GET /none").hasPrefix("HTTP/1.1 404 "))
    #expect(try await ask("DELETE /none").hasPrefix("HTTP/1.1 405 "))
    let said = lines.withLock { $0 }.map {
      $0.split(separator: " ").dropFirst().joined(separator: " ")
    }
    #expect(
      said == [
        "GET /a%20b.efi 200\n", "HEAD /a%20b.efi 200\n", "GET /a%20b.efi 206\n", "GET /none 404\n",
        "DELETE /none 405\n",
      ])
    #expect(lines.withLock { $0 }.allSatisfy { $0.hasPrefix("127.0.0.1:") })
  }

  /// A path is not two lines, nor longer than a page.
  @Test func aLogsLineIsALine() async throws {
    let lines = Mutex<[String]>([])
    let handler = AccessLog(BootFiles(root: "/nonexistent")) { line in
      lines.withLock { $0.append(line) }
    }
    let client = try #require(IPAddress("fd00::5"))
    let path = "/a\nb" + String(repeating: "c", count: 10_000)
    _ = await handler.answer(
      to: BootRequest(method: "GET", path: path, client: .init(address: client, port: 7)))
    let line = try #require(lines.withLock { $0.first })
    #expect(line.hasPrefix("[fd00::5]:7 GET /a%0Abccc") && line.hasSuffix("c 404\n"))
    #expect(line.utf8.count < 4200)
  }
}
