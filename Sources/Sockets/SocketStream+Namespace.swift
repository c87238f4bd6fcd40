import Addresses
import CLinux
import Glibc

extension SocketStream {
  /// What carries a connection's bytes.
  package enum Transport: String, Sendable {
    case tcp, udp

    fileprivate var type: Int32 {
      switch self {
      case .tcp: Int32(SOCK_STREAM.rawValue)
      case .udp: Int32(SOCK_DGRAM.rawValue)
      }
    }
  }

  /// Connects from a network namespace, as who may enter it.
  ///
  /// - Parameter path: a file of the namespace, such as `/run/netns/NAME` (ip-netns(8)).
  /// - Throws: ``SocketError``, `CancellationError`.
  package static func connect(
    to address: IPv4Address, port: UInt16, by transport: Transport, inNamespace path: String
  ) async throws -> SocketStream {
    let descriptor = clinux_socket_in_namespace(path, AF_INET, transport.type)
    guard descriptor >= 0 else { throw SocketError(errno) }
    let stream = SocketStream(owning: descriptor)
    var end = sockaddr_in()
    end.sin_family = sa_family_t(AF_INET)
    end.sin_addr.s_addr = address.rawValue.bigEndian
    end.sin_port = port.bigEndian
    let result = withUnsafePointer(to: &end) { end in
      end.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result == 0 { return stream }
    guard errno == EINPROGRESS else { throw SocketError(errno) }
    try await Readiness.write(descriptor)
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else {
      throw SocketError(errno)
    }
    guard code == 0 else { throw SocketError(code) }
    return stream
  }
}
