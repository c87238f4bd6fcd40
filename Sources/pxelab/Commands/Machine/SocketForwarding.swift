import Addresses
import FileSystem
import FoundationEssentials
import Glibc
import LabStore
import Sockets

/// Forwards connections to a TCP port of the loopback to a unix socket, for programs of its own user
/// and of root: others of this machine could reach the port, though not the socket.
struct SocketForwarding: Sendable {
  private let listener: LoopbackListener
  private let path: String

  /// The port.
  var port: UInt16 { listener.port }

  /// Listens; from then on clients are accepted.
  ///
  /// - Throws: ``Failure`` when the port cannot be had.
  init(port: UInt16, to path: String) throws {
    self.path = path
    do {
      listener = try LoopbackListener(port: port)
    } catch {
      throw Failure(.host, "the TCP port \(port) of the loopback cannot be had: \(error)")
    }
  }

  /// Whether the user of the other end is this process's or root; what cannot be told is not.
  private func isOwn(_ clientPort: UInt16) -> Bool {
    guard let loopback = IPv4Address("127.0.0.1") else { return false }
    let table = ConnectionTable(
      ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { path in
        (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) }
      })
    let user = table.user(
      of: .init(address: loopback, port: clientPort),
      connectedTo: .init(address: loopback, port: port))
    return user == 0 || user == geteuid()
  }

  /// Serves until cancelled.
  func run() async throws {
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        let (client, clientPort) = try await listener.accept()
        guard isOwn(clientPort) else { continue }
        group.addTask { await serve(client) }
      }
    }
  }

  private func serve(_ client: SocketStream) async {
    guard let server = try? await SocketStream.connect(to: path) else {
      complain("nothing answers at \(path)")
      return
    }
    // The end of one direction ends the other.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await copy(from: client, to: server) }
      group.addTask { await copy(from: server, to: client) }
      await group.next()
      group.cancelAll()
    }
  }

  private func copy(from source: SocketStream, to target: SocketStream) async {
    while let bytes = try? await source.read(64 << 10), !bytes.isEmpty {
      do {
        try await target.write(bytes)
      } catch {
        return
      }
    }
  }
}
