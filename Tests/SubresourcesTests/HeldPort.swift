import Glibc

@testable import Sockets

/// A port of 127.0.0.1 that is taken and at which nobody listens; one for datagrams has an answer.
struct HeldPort {
  let number: UInt16
  private let descriptor: Int32

  init(_ type: __socket_type = SOCK_STREAM) throws(SocketError) {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw SocketError(errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
      }
    }
    number = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw SocketError(errno) }
  }

  func release() { close(descriptor) }

  /// Waits for a datagram and answers it with others.
  ///
  /// - Returns: what it says, and how many bytes of each answer were sent.
  func answer(with datagrams: [[UInt8]]) async throws -> (asked: [UInt8], sent: [Int]) {
    try await Readiness.read(descriptor)
    var peer = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    var asked = [UInt8](repeating: 0, count: 65_535)
    return withUnsafeMutablePointer(to: &peer) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
        let count = recvfrom(descriptor, &asked, asked.count, 0, peer, &size)
        let sent = datagrams.map { sendto(descriptor, $0, $0.count, 0, peer, size) }
        return (Array(asked.prefix(max(0, count))), sent)
      }
    }
  }
}
