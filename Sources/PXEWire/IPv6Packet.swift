import Addresses

/// An IPv6 packet (RFC 8200).
package struct IPv6Packet: Hashable, Sendable {
  /// The sender.
  package let source: IPv6Address
  /// The receiver.
  package let destination: IPv6Address
  /// The hop limit; 255 in neighbour discovery.
  package let hopLimit: UInt8
  /// The protocol number behind the extension headers: 6 TCP, 17 UDP, 58 ICMPv6, 59 nothing.
  package let protocolNumber: UInt8
  /// The fragment header, if there is one.
  package let fragment: Fragment?
  /// The captured bytes behind the extension headers, shared with the frame.
  package let body: ArraySlice<UInt8>
  /// Their number as the header states it; more than `body` holds when the capture cut the frame.
  package let bodyLength: Int
  /// What the packet carries.
  package let payload: TransportPayload

  /// A fragment header (RFC 8200 section 4.5).
  package struct Fragment: Hashable, Sendable {
    /// Shared by the fragments of one datagram.
    package let identification: UInt32
    /// Where this fragment belongs, in bytes.
    package let offset: Int
    /// Whether more fragments follow.
    package let moreFragments: Bool
  }

  /// Whether this is one of several fragments; a lone one with a header (RFC 6946) is not.
  package var isFragment: Bool {
    guard let fragment else { return false }
    return fragment.moreFragments || fragment.offset > 0
  }

  /// Decodes a packet; throws when a header is incomplete or there are more than 16 of them.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .ipv6)
    let version = try reader.uint8("version") >> 4
    guard version == 6 else { throw .malformed(layer: .ipv6, reason: "version is \(version)") }
    try reader.skip(3, "flow label")
    let stated = Int(try reader.uint16("payload length"))
    var next = try reader.uint8("next header")
    hopLimit = try reader.uint8("hop limit")
    source = try reader.ipv6Address("source address")
    destination = try reader.ipv6Address("destination address")
    // 0 is a jumbogram (RFC 2675) or a packet that a network card is to cut.
    var length = stated == 0 && next != 59 ? reader.remaining : stated
    var rest = ByteReader(reader.rest.prefix(length), layer: .ipv6)

    var fragment: Fragment?
    var headers = 0
    while let size = try Self.extensionHeader(&rest, &next, &fragment) {
      length -= size
      headers += 1
      guard headers <= 16 else {
        throw .malformed(layer: .ipv6, reason: "more than 16 extension headers")
      }
      // What follows in a later fragment is data, whatever the next header says.
      if let fragment, fragment.offset > 0 { break }
    }
    protocolNumber = next
    self.fragment = fragment
    body = rest.rest
    bodyLength = max(length, 0)
    payload =
      (fragment?.offset ?? 0) > 0
      ? .fragment
      : TransportPayload(
        protocolNumber: next, bytes: body, length: max(length, 0),
        isWhole: fragment?.moreFragments != true, from: .v6(source), to: .v6(destination))
  }

  /// Reads one extension header. Returns its size in bytes; `nil` when the next header is none.
  private static func extensionHeader(
    _ reader: inout ByteReader, _ next: inout UInt8, _ fragment: inout Fragment?
  ) throws(WireError) -> Int? {
    switch next {
    case 44:
      next = try reader.uint8("next header of a fragment")
      _ = try reader.uint8("reserved")
      let bits = try reader.uint16("fragment offset")
      fragment = Fragment(
        identification: try reader.uint32("fragment identification"), offset: Int(bits & 0xfff8),
        moreFragments: bits & 1 == 1)
      return 8
    case 0, 43, 60, 135, 139, 140:
      next = try reader.uint8("next header of an extension header")
      let size = (Int(try reader.uint8("length of an extension header")) + 1) * 8
      try reader.skip(size - 2, "extension header")
      return size
    case 51:
      next = try reader.uint8("next header of an authentication header")
      let size = (Int(try reader.uint8("length of an authentication header")) + 2) * 4
      try reader.skip(size - 2, "authentication header")
      return size
    default:
      return nil
    }
  }
}
