import Addresses
import FileSystem
import FlyingSocks
import Foundation
import Glibc
import LabStore

/// Forwards connections to a TCP port of the loopback to a unix socket, for programs of its own user
/// and of root: others of this machine could reach the port, though not the socket.
struct SocketForwarding: Sendable {
  /// The port.
  let port: UInt16
  private let listener: AsyncSocket
  private let path: String

  /// Listens; from then on clients are accepted.
  ///
  /// - Throws: ``Failure`` when the port cannot be had.
  init(port: UInt16, to path: String) async throws {
    do {
      let socket = try Socket(domain: Int32(AF_INET), type: .stream)
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: .inet(ip4: "127.0.0.1", port: port))
      try socket.listen()
      guard case .ip4(_, let chosen) = try socket.sockname() else {
        throw Failure(.host, "no TCP port on the loopback")
      }
      listener = try await AsyncSocket(socket: socket, pool: .client)
      self.port = chosen
      self.path = path
    } catch let error as SocketError {
      throw Failure(
        .host, "the TCP port \(port) of the loopback cannot be had: \(error.localizedDescription)")
    }
  }

  /// Whether the user of the other end is this process's or root; what cannot be told is not.
  private func isOwn(_ client: AsyncSocket) -> Bool {
    guard case .ip4(let text, let clientPort)? = try? client.socket.remotePeer(),
      let address = IPv4Address(text), let loopback = IPv4Address("127.0.0.1")
    else { return false }
    let table = ConnectionTable(
      ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { path in
        (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) }
      })
    let user = table.user(
      of: .init(address: address, port: clientPort),
      connectedTo: .init(address: loopback, port: port))
    return user == 0 || user == geteuid()
  }

  /// Serves until cancelled.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      while true {
        let client = try await listener.accept()
        guard isOwn(client) else {
          try? client.close()
          continue
        }
        group.addTask { await serve(client) }
      }
    }
  }

  private func serve(_ client: AsyncSocket) async {
    defer { try? client.close() }
    guard let server = try? await AsyncSocket.connected(to: .unix(path: path)) else {
      complain("nothing answers at \(path)")
      return
    }
    defer { try? server.close() }
    // The end of one direction ends the other.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await copy(from: client, to: server) }
      group.addTask { await copy(from: server, to: client) }
      await group.next()
      group.cancelAll()
    }
  }

  private func copy(from source: AsyncSocket, to target: AsyncSocket) async {
    while let bytes = try? await source.read(atMost: 4096), !bytes.isEmpty {
      do {
        try await target.write(Data(bytes))
      } catch {
        return
      }
    }
  }
}
