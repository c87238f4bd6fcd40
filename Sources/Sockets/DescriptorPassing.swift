import CLinux
import Glibc

/// Descriptors that are sent over a unix socket (unix(7), SCM_RIGHTS).
package enum DescriptorPassing {
  /// Sends a descriptor, which stays open here too, with one byte.
  ///
  /// - Throws: ``SocketError``.
  package static func send(_ descriptor: Int32, over socket: Int32) throws(SocketError) {
    guard clinux_send_descriptor(socket, descriptor) == 0 else { throw SocketError(errno) }
  }

  /// The descriptor that comes next, closed on execve(2).
  ///
  /// - Throws: ``SocketError``.
  package static func receive(from socket: Int32) throws(SocketError) -> Int32 {
    let descriptor = clinux_receive_descriptor(socket)
    guard descriptor >= 0 else { throw SocketError(errno) }
    return descriptor
  }
}
