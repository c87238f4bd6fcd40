import FileSystem
import Glibc
import Sockets

/// A socket that listens, and its folder, which goes with the test.
package final class UnixListener: Sendable {
  private let folder: String
  private let descriptor: Int32
  /// Its path.
  package var path: String { "\(folder)/socket" }

  /// Listens.
  package init(backlog: Int32 = 8) throws {
    folder = try Files.makeUniqueFolder("/tmp/pxelab-client-test.")
    descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/socket".utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(descriptor, backlog) == 0 else { throw SocketError(errno) }
  }

  deinit {
    close(descriptor)
    try? Files.remove(folder)
  }

  /// The other end of a connection, with a text written to it, after a request was read if there
  /// is to be one.
  package func answer(_ text: String, toRequest: Bool = false) async -> Int32 {
    var end = accept(descriptor, nil, nil)
    while end < 0 {
      await Task.yield()
      end = accept(descriptor, nil, nil)
    }
    var request = [UInt8](repeating: 0, count: 4096)
    while toRequest, recv(end, &request, request.count, Int32(MSG_DONTWAIT)) <= 0 {
      await Task.yield()
    }
    _ = send(end, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    return end
  }
}
