import Addresses

/// A DHCP unique identifier, DUID (RFC 8415 section 11, RFC 6355).
package struct DHCPUniqueIdentifier: Hashable, Sendable {
  /// All its bytes, the type first.
  package let bytes: [UInt8]

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = [UInt8](bytes)
  }

  /// 1 link-layer address and time, 2 enterprise, 3 link-layer address, 4 UUID.
  package var type: UInt16? {
    guard bytes.count >= 2 else { return nil }
    return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
  }

  /// The MAC address in a DUID-LLT or DUID-LL of Ethernet: one of the client's, not always that of
  /// the interface that speaks.
  package var mac: MACAddress? {
    guard bytes.count >= 4, bytes[2] == 0, bytes[3] == 1 else { return nil }
    switch type {
    case 1 where bytes.count == 14: return MACAddress(octets: bytes[8...])
    case 3 where bytes.count == 10: return MACAddress(octets: bytes[4...])
    default: return nil
    }
  }
}

extension DHCPUniqueIdentifier: CustomStringConvertible {
  /// The bytes in hexadecimal, lower case, separated by colons.
  package var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}
