import Addresses
import Glibc
import Sockets

extension SocketStream {
  /// Connects to a TCP port of this host.
  ///
  /// - Parameter source: the address that is connected from; `nil` leaves it to the system.
  /// - Throws: `SocketError`.
  package static func connect(
    to address: IPAddress, port: Int, from source: IPAddress? = nil
  ) throws -> SocketStream {
    let family = address.v4 == nil ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(errno) }
    let stream = SocketStream(owning: descriptor)
    if let source {
      guard with(source, port: 0, { bind(descriptor, $0, $1) }) == 0 else {
        throw SocketError(errno)
      }
    }
    // On the loopback this does not block for long: the kernel takes the connection itself.
    guard with(address, port: port, { Glibc.connect(descriptor, $0, $1) }) == 0,
      fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
    else { throw SocketError(errno) }
    return stream
  }

  private static func with(
    _ address: IPAddress, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    let port = in_port_t(port).bigEndian
    switch address {
    case .v4(let address):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port
      name.sin_addr.s_addr = address.rawValue.bigEndian
      return call(&name, body)
    case .v6(let address):
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = port
      withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: address.octets) }
      return call(&name, body)
    }
  }

  private static func call<Name>(
    _ name: inout Name, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  /// Everything up to the end of the connection; one that is broken off ends there too.
  package func text() async throws -> String {
    var bytes: [UInt8] = []
    while let more = try? await read(64 << 10), !more.isEmpty { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What comes until a text is in it.
  package func text(until wanted: String) async throws -> String {
    var text = ""
    while !text.contains(wanted) {
      let more = try await read(64 << 10)
      guard !more.isEmpty else { return text }
      text += String(decoding: more, as: UTF8.self)
    }
    return text
  }
}
