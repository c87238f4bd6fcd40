import Glibc

/// A TCP port of 127.0.0.1 on which connections are accepted. It is closed with the value.
package final class LoopbackListener: Sendable {
  /// The port.
  package let port: UInt16
  private let descriptor: Int32

  /// Listens.
  ///
  /// - Parameter port: 0 is any free one.
  /// - Throws: ``SocketError`` when the port cannot be had.
  package init(port: UInt16) throws(SocketError) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_INET, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(errno) }
    self.descriptor = descriptor
    var yes: Int32 = 1
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4) == 0
          && bind(descriptor, address, size) == 0 && listen(descriptor, 128) == 0
          && getsockname(descriptor, address, &size) == 0
      }
    }
    self.port = UInt16(bigEndian: address.sin_port)
    guard bound else { throw SocketError(errno) }
  }

  deinit { close(descriptor) }

  /// Sends the listening socket to another process, which may go on with it after this value's end.
  ///
  /// - Throws: ``SocketError``.
  package func send(over socket: Int32) throws(SocketError) {
    try DescriptorPassing.send(descriptor, over: socket)
  }

  /// The next connection, and the port at its other end.
  ///
  /// - Throws: ``SocketError``, `CancellationError`.
  package func accept() async throws -> (stream: SocketStream, port: UInt16) {
    while true {
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let client = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.accept(descriptor, $0, &size)
        }
      }
      if client >= 0 {
        let stream = SocketStream(owning: client)
        guard fcntl(client, F_SETFL, O_NONBLOCK) == 0, fcntl(client, F_SETFD, FD_CLOEXEC) == 0
        else { throw SocketError(errno) }
        return (stream, UInt16(bigEndian: address.sin_port))
      }
      switch errno {
      case EAGAIN: try await Readiness.read(descriptor)
      // Who wanted to connect thought better of it.
      case EINTR, ECONNABORTED: continue
      case let code: throw SocketError(code)
      }
    }
  }
}
