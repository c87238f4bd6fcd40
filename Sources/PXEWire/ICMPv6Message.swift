import Addresses

/// An ICMPv6 message (RFC 4443), with neighbour discovery (RFC 4861).
package struct ICMPv6Message: Hashable, Sendable {
  /// The type: 1 destination unreachable, 2 packet too big, 133 to 137 neighbour discovery.
  package let type: UInt8
  /// The code, whose meaning depends on the type.
  package let code: UInt8
  /// Of an error, the packet that caused it.
  package let original: QuotedPacket?
  /// Of "packet too big", the largest packet that the next link takes, in bytes.
  package let mtu: Int?
  /// What neighbour discovery says; `nil` for other messages.
  package let discovery: NeighborDiscovery?

  /// Decodes a message; throws when its header, or a neighbour discovery message, is incomplete.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .icmpv6)
    type = try reader.uint8("type")
    code = try reader.uint8("code")
    _ = try reader.uint16("checksum")
    switch type {
    case 1, 2, 3, 4:
      let field = try? reader.uint32("unused")
      mtu = type == 2 ? field.flatMap { Int(exactly: $0) } : nil
      original = QuotedPacket(ipv6: reader.rest)
      discovery = nil
    default:
      original = nil
      mtu = nil
      discovery = try NeighborDiscovery(type: type, reading: &reader)
    }
  }

  /// Whether this reports that a packet could not be delivered.
  package var isError: Bool { (1...4).contains(type) }

  /// What an error says, in RFC 4443's words; `nil` for messages that are not errors.
  package var meaning: String? {
    switch (type, code) {
    case (1, 0): "no route to destination"
    case (1, 1): "administratively prohibited"
    case (1, 3): "address unreachable"
    case (1, 4): "port unreachable"
    case (1, _): "destination unreachable, code \(code)"
    case (2, _): "packet too big"
    case (3, 1): "fragment reassembly time exceeded"
    case (3, _): "hop limit exceeded"
    case (4, _): "parameter problem"
    default: nil
    }
  }
}
