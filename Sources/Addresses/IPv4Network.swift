/// An IPv4 network in CIDR notation (RFC 4632), remembering the host address it was written with.
package struct IPv4Network: Hashable, Sendable {
  /// The address as written, host bits included.
  package let address: IPv4Address
  /// The prefix length, 0 to 32 bits.
  package let prefixLength: Int

  /// A network; `nil` when the prefix length is outside 0...32.
  package init?(address: IPv4Address, prefixLength: Int) {
    guard (0...32).contains(prefixLength) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// The netmask as an address: 255.255.255.0 for /24.
  package var netmask: IPv4Address {
    IPv4Address(rawValue: prefixLength == 0 ? 0 : UInt32.max << UInt32(32 - prefixLength))
  }

  /// The first address, all host bits zero.
  package var network: IPv4Address {
    IPv4Address(rawValue: address.rawValue & netmask.rawValue)
  }

  /// The last address, all host bits one.
  package var broadcast: IPv4Address {
    IPv4Address(rawValue: address.rawValue | ~netmask.rawValue)
  }

  /// Whether an address lies in this network.
  package func contains(_ other: IPv4Address) -> Bool {
    other.rawValue & netmask.rawValue == network.rawValue
  }
}

extension IPv4Network: LosslessStringConvertible {
  /// `ADDRESS/PREFIX`.
  package init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])),
      let prefixLength = Int(parts[1]), String(prefixLength) == parts[1]
    else { return nil }
    self.init(address: address, prefixLength: prefixLength)
  }

  /// `ADDRESS/PREFIX`, the address as written.
  package var description: String { "\(address)/\(prefixLength)" }
}
