import Addresses

/// The packet that an ICMP or ICMPv6 error quotes: its addresses and, if enough of it is there, its
/// ports.
package struct QuotedPacket: Hashable, Sendable {
  /// Its sender.
  package let source: IPAddress
  /// Its receiver.
  package let destination: IPAddress
  /// Its protocol number: 6 TCP, 17 UDP.
  package let protocolNumber: UInt8
  /// Its sender's port, of TCP and UDP.
  package let sourcePort: UInt16?
  /// Its receiver's port, of TCP and UDP.
  package let destinationPort: UInt16?

  init?(ipv4 bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .ipv4)
    guard let first = try? reader.uint8("version"), first >> 4 == 4, first & 0xf >= 5,
      (try? reader.skip(5, "length and identification")) != nil,
      let offset = try? reader.uint16("fragment offset"),
      (try? reader.skip(1, "time to live")) != nil,
      let number = try? reader.uint8("protocol"),
      (try? reader.skip(2, "header checksum")) != nil,
      let source = try? reader.ipv4Address("source address"),
      let destination = try? reader.ipv4Address("destination address")
    else { return nil }
    self.init(
      source: .v4(source), destination: .v4(destination), number,
      offset & 0x1fff == 0 ? bytes.dropFirst(Int(first & 0xf) * 4) : [])
  }

  init?(ipv6 bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .ipv6)
    guard let first = try? reader.uint8("version"), first >> 4 == 6,
      (try? reader.skip(5, "flow label and length")) != nil,
      var next = try? reader.uint8("next header"),
      (try? reader.skip(1, "hop limit")) != nil,
      let source = try? reader.ipv6Address("source address"),
      let destination = try? reader.ipv6Address("destination address")
    else { return nil }
    var isFirst = true
    if next == 44, let after = try? reader.uint8("next header of a fragment"),
      (try? reader.skip(1, "reserved")) != nil, let bits = try? reader.uint16("fragment offset"),
      (try? reader.skip(4, "fragment identification")) != nil
    {
      next = after
      isFirst = bits & 0xfff8 == 0
    }
    self.init(
      source: .v6(source), destination: .v6(destination), next, isFirst ? reader.rest : [])
  }

  private init(
    source: IPAddress, destination: IPAddress, _ protocolNumber: UInt8,
    _ transport: ArraySlice<UInt8>
  ) {
    self.source = source
    self.destination = destination
    self.protocolNumber = protocolNumber
    var reader = ByteReader(transport, layer: .icmp)
    if protocolNumber == 6 || protocolNumber == 17,
      let from = try? reader.uint16("source port"), let to = try? reader.uint16("destination port")
    {
      sourcePort = from
      destinationPort = to
    } else {
      sourcePort = nil
      destinationPort = nil
    }
  }
}
