import Addresses

/// A UDP datagram (RFC 768).
package struct UDPDatagram: Hashable, Sendable {
  /// The sender's port.
  package let sourcePort: UInt16
  /// The receiver's port.
  package let destinationPort: UInt16
  /// The payload's length in bytes as the header states it; more than `payload` holds when the
  /// capture cut the frame or the datagram is fragmented.
  package let payloadLength: Int
  /// The payload's captured bytes, shared with the frame.
  package let payload: ArraySlice<UInt8>
  /// What the checksum says.
  package let checksum: Checksum

  /// What a datagram's checksum says about its bytes.
  package enum Checksum: String, Codable, Hashable, Sendable {
    /// It matches.
    case valid
    /// It does not match: a receiver drops the datagram. Also seen where the sender's network card
    /// fills the checksum in after the capture point.
    case invalid
    /// It holds the pseudo-header's sum alone: the sender left the rest to a network card, and no
    /// card has done it yet. Right where the sender's own packets are captured; a receiver that
    /// gets it so drops the datagram.
    case partial
    /// The sender computed none, which IPv4 allows.
    case absent
    /// The datagram is fragmented or was not captured whole.
    case unverified
  }

  /// Whether bytes of the payload are missing from `payload`.
  package var isTruncated: Bool { payload.count < payloadLength }

  /// Decodes a datagram; the addresses take part in the checksum. Throws when the header is
  /// incomplete or its length field is less than the header's 8 bytes.
  init(
    decoding bytes: ArraySlice<UInt8>, from source: IPAddress, to destination: IPAddress,
    isWhole: Bool
  ) throws(WireError) {
    var reader = ByteReader(bytes, layer: .udp)
    sourcePort = try reader.uint16("source port")
    destinationPort = try reader.uint16("destination port")
    let length = Int(try reader.uint16("length"))
    let field = try reader.uint16("checksum")
    guard length >= 8 else {
      throw .malformed(layer: .udp, reason: "length is \(length), less than the header's 8")
    }
    payloadLength = length - 8
    payload = reader.rest.prefix(length - 8)
    if field == 0 {
      // Over IPv6 a datagram without a checksum is dropped (RFC 8200 section 8.1).
      checksum = source.v4 != nil ? .absent : .invalid
    } else if !isWhole || bytes.count < length {
      checksum = .unverified
    } else {
      var pseudoHeader = InternetChecksum()
      pseudoHeader.add(source)
      pseudoHeader.add(destination)
      pseudoHeader.add(UInt32(17 << 16 | length))
      var sum = pseudoHeader
      sum.add(bytes.prefix(length))
      checksum =
        sum.folded == 0xffff ? .valid : pseudoHeader.folded == field ? .partial : .invalid
    }
  }
}
