/// A network of either version of IP in CIDR notation (RFC 4632, RFC 4291 section 2.3),
/// remembering the host address it was written with.
package struct IPNetwork: Hashable, Sendable {
  /// The address as written, host bits included.
  package let address: IPAddress
  /// The prefix length in bits, to 32 or 128.
  package let prefixLength: Int

  /// A network; `nil` when the prefix is longer than an address.
  package init?(address: IPAddress, prefixLength: Int) {
    guard (0...address.bitWidth).contains(prefixLength) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// An IPv4 network.
  package init(_ network: IPv4Network) {
    address = .v4(network.address)
    prefixLength = network.prefixLength
  }

  /// The same as an IPv4 network; `nil` for IPv6.
  package var v4: IPv4Network? {
    address.v4.flatMap { IPv4Network(address: $0, prefixLength: prefixLength) }
  }

  /// The first address, all host bits zero.
  package var first: IPAddress { masked { octet, mask in octet & mask } }

  /// The last address, all host bits one.
  package var last: IPAddress { masked { octet, mask in octet | ~mask } }

  /// Whether an address lies in this network.
  package func contains(_ other: IPAddress) -> Bool {
    (first...last).contains(other)
  }

  private func masked(_ combine: (UInt8, UInt8) -> UInt8) -> IPAddress {
    let octets = address.octets.enumerated().map { index, octet in
      let bits = max(0, min(8, prefixLength - 8 * index))
      return combine(octet, UInt8(truncatingIfNeeded: 0xff00 >> bits))
    }
    return IPAddress(octets: octets) ?? address
  }
}

extension IPNetwork: LosslessStringConvertible {
  /// `ADDRESS/PREFIX`.
  package init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])),
      let prefixLength = Int(parts[1]), String(prefixLength) == parts[1]
    else { return nil }
    self.init(address: address, prefixLength: prefixLength)
  }

  /// `ADDRESS/PREFIX`, the address as written.
  package var description: String { "\(address)/\(prefixLength)" }
}

extension IPAddress {
  /// The bits of an address: 32 or 128.
  package var bitWidth: Int { v4 == nil ? 128 : 32 }

  /// The octets in network order, 4 or 16.
  package var octets: [UInt8] {
    switch self {
    case .v4(let address): address.octets
    case .v6(let address): address.octets
    }
  }

  /// An address of 4 or 16 octets; `nil` for another count.
  package init?(octets: [UInt8]) {
    if let address = IPv4Address(octets: octets) {
      self = .v4(address)
    } else if let address = IPv6Address(octets: octets) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// The address after this one; `nil` after the last of all.
  package var next: IPAddress? {
    var octets = octets
    for index in octets.indices.reversed() {
      octets[index] &+= 1
      if octets[index] != 0 { return IPAddress(octets: octets) }
    }
    return nil
  }
}
