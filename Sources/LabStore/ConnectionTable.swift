import Addresses

/// The TCP connections of this machine with the users whose they are (proc(5), `/proc/net/tcp`).
package struct ConnectionTable: Sendable {
  /// One end of a connection.
  package struct End: Hashable, Sendable {
    /// The address.
    package var address: IPv4Address
    /// The port.
    package var port: UInt16

    /// An end.
    package init(address: IPv4Address, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  private let lines: [[Substring]]

  /// A table.
  ///
  /// - Parameter texts: what `/proc/net/tcp` says, and `/proc/net/tcp6`, where connections over
  ///   IPv4 of sockets for both are.
  package init(_ texts: [String]) {
    lines = texts.flatMap { text in
      text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
    }
  }

  /// The user whose end of an established connection this is; `nil` where there is none, and where
  /// it is not certain.
  package func user(of end: End, connectedTo other: End) -> UInt32? {
    let users = Set(
      lines.compactMap { columns -> UInt32? in
        guard columns.count > 7, columns[3] == Self.established, Self.is(columns[1], end),
          Self.is(columns[2], other)
        else { return nil }
        return UInt32(columns[7])
      })
    return users.count == 1 ? users.first : nil
  }

  /// TCP_ESTABLISHED; a socket in another state may have lost its user already.
  private static let established = "01"

  /// Whether `0100007F:1F90` is an end: the address is a number as the processor has it, behind an
  /// IPv4-mapped prefix in tcp6.
  private static func `is`(_ text: Substring, _ end: End) -> Bool {
    let parts = text.split(separator: ":")
    guard parts.count == 2, UInt16(parts[1], radix: 16) == end.port else { return false }
    var address = parts[0]
    if address.count == 32 {
      guard address.hasPrefix("0000000000000000FFFF0000") else { return false }
      address = address.suffix(8)
    }
    return address.count == 8
      && UInt32(address, radix: 16) == UInt32(bigEndian: end.address.rawValue)
  }
}
