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
}
