import Addresses

extension ByteReader {
  mutating func macAddress(_ field: String) throws(WireError) -> MACAddress {
    let high = try uint16(field)
    let low = try uint32(field)
    return MACAddress(rawValue: UInt64(high) << 32 | UInt64(low))
  }

  mutating func ipv4Address(_ field: String) throws(WireError) -> IPv4Address {
    IPv4Address(rawValue: try uint32(field))
  }

  mutating func ipv6Address(_ field: String) throws(WireError) -> IPv6Address {
    let high = try uint64(field)
    return IPv6Address(high: high, low: try uint64(field))
  }

  private mutating func uint64(_ field: String) throws(WireError) -> UInt64 {
    let high = try uint32(field)
    return UInt64(high) << 32 | UInt64(try uint32(field))
  }
}
