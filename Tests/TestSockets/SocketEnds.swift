import FileSystem
import Glibc

/// How many descriptors of this process belong to a Unix socket: who listens there, and both ends
/// of each connection to it. Other tests of the process have no part in it.
package func socketEnds(at path: String) throws -> Int {
  try Files.names(in: "/proc/self/fd").compactMap { Int32($0) }.filter { descriptor in
    [getsockname, getpeername].contains { name in
      var address = sockaddr_un()
      var length = socklen_t(MemoryLayout<sockaddr_un>.size)
      let answered = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
      }
      guard answered == 0, address.sun_family == sa_family_t(AF_UNIX) else { return false }
      return withUnsafeBytes(of: &address.sun_path) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) == path
      }
    }
  }.count
}
