import Glibc

/// A connection, for one task that reads and one that writes at a time. Its descriptor is closed with
/// it.
///
/// Nothing blocks a thread; a task that waits and is cancelled goes on at once.
package final class SocketStream: Sendable {
  private let descriptor: Int32

  /// A connection that is there.
  ///
  /// - Parameter descriptor: its socket, which does not block; it belongs to the stream from now on.
  package init(owning descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Ends the connection in both directions, of which its other end hears at once, even where somebody
  /// still has the stream.
  package func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Connects to a unix socket.
  ///
  /// - Throws: ``SocketError``, `CancellationError`.
  package static func connect(to path: String) async throws -> SocketStream {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SocketError(ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(errno) }
    let stream = SocketStream(owning: descriptor)
    var pause = Duration.milliseconds(1)
    while true {
      let result = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if result == 0 { return stream }
      // The server's queue is full; nothing tells when it is not (connect(2), EAGAIN).
      guard errno == EAGAIN || errno == EINTR else { throw SocketError(errno) }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(100))
    }
  }

  /// Sends bytes.
  ///
  /// - Throws: ``SocketError``, `CancellationError`.
  package func write(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        try await Readiness.write(descriptor)
      } else if errno != EINTR {
        throw SocketError(errno)
      }
    }
  }

  /// Up to so many bytes as soon as there are some; none at the end. They take the room of what came: a
  /// process keeps what some dozen connections last said, and little of that is long.
  ///
  /// - Throws: ``SocketError``, `CancellationError`.
  package func read(_ limit: Int) async throws -> [UInt8] {
    while true {
      let (bytes, code) = receive(limit)
      switch code {
      case 0: return bytes
      case EINTR: continue
      case EAGAIN: try await Readiness.read(descriptor)
      default: throw SocketError(code)
      }
    }
  }

  /// What is there, or the system's error number. The room for what may come is given back before
  /// anybody waits.
  private func receive(_ limit: Int) -> (bytes: [UInt8], code: Int32) {
    withUnsafeTemporaryAllocation(byteCount: limit, alignment: 1) { room in
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      return count < 0 ? ([], errno) : (Array(room[..<count]), 0)
    }
  }
}
