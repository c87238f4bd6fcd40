import Addresses

/// An IPv4 packet (RFC 791).
package struct IPv4Packet: Hashable, Sendable {
  /// The sender.
  package let source: IPv4Address
  /// The receiver.
  package let destination: IPv4Address
  /// The identification field, which the fragments of one datagram share.
  package let identification: UInt16
  /// Time to live, in hops.
  package let timeToLive: UInt8
  /// The protocol number: 1 ICMP, 6 TCP, 17 UDP.
  package let protocolNumber: UInt8
  /// The length of header and payload in bytes, as the header states it; of a packet that the
  /// sender leaves to its network card to cut (header field 0), the captured length.
  package let totalLength: Int
  /// The header's length in bytes.
  package let headerLength: Int
  /// Whether the sender forbids fragmenting.
  package let dontFragment: Bool
  /// Whether more fragments of this datagram follow.
  package let moreFragments: Bool
  /// Where this fragment's payload belongs, in bytes.
  package let fragmentOffset: Int
  /// Whether the header checksum is right.
  package let headerChecksumIsValid: Bool
  /// The payload's captured bytes, shared with the frame.
  package let body: ArraySlice<UInt8>
  /// What the packet carries.
  package let payload: Payload

  /// Whether this is one of several fragments.
  package var isFragment: Bool { moreFragments || fragmentOffset > 0 }

  /// The payload's length in bytes as the header states it; more than `body` holds when the capture
  /// cut the frame.
  package var bodyLength: Int { totalLength - headerLength }

  /// What an IPv4 packet carries.
  package typealias Payload = TransportPayload

  /// Decodes a packet; throws when the header is incomplete or contradicts itself.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .ipv4)
    let versionAndLength = try reader.uint8("version")
    headerLength = Int(versionAndLength & 0xf) * 4
    guard versionAndLength >> 4 == 4 else {
      throw .malformed(layer: .ipv4, reason: "version is \(versionAndLength >> 4)")
    }
    guard headerLength >= 20 else {
      throw .malformed(layer: .ipv4, reason: "header length is \(headerLength) bytes")
    }
    _ = try reader.uint8("type of service")
    let length = Int(try reader.uint16("total length"))
    guard length == 0 || length >= headerLength else {
      throw .malformed(
        layer: .ipv4, reason: "total length \(length) is less than the header's")
    }
    identification = try reader.uint16("identification")
    let flags = try reader.uint16("fragment offset")
    dontFragment = flags & 0x4000 != 0
    moreFragments = flags & 0x2000 != 0
    fragmentOffset = Int(flags & 0x1fff) * 8
    timeToLive = try reader.uint8("time to live")
    protocolNumber = try reader.uint8("protocol")
    _ = try reader.uint16("header checksum")
    source = try reader.ipv4Address("source address")
    destination = try reader.ipv4Address("destination address")
    try reader.skip(headerLength - 20, "options")
    totalLength = length == 0 ? bytes.count : length

    var checksum = InternetChecksum()
    checksum.add(bytes.prefix(headerLength))
    headerChecksumIsValid = checksum.folded == 0xffff
    // Short frames are padded to Ethernet's minimum, so the total length decides where this ends.
    body = reader.rest.prefix(totalLength - headerLength)
    payload =
      fragmentOffset > 0
      ? .fragment
      : Payload(
        protocolNumber: protocolNumber, bytes: body, length: totalLength - headerLength,
        isWhole: !moreFragments, from: .v4(source), to: .v4(destination))
  }
}
