/// A TCP segment (RFC 9293).
package struct TCPSegment: Hashable, Sendable {
  /// The sender's port.
  package let sourcePort: UInt16
  /// The receiver's port.
  package let destinationPort: UInt16
  /// The number of the first byte, or of the SYN.
  package let sequence: UInt32
  /// The number of the byte that the sender waits for; meaningful with `ack`.
  package let acknowledgment: UInt32
  /// The flags.
  package let flags: Flags
  /// The receive window, unscaled.
  package let window: UInt16
  /// The payload's length in bytes as the headers state it; more than `payload` holds when the
  /// capture cut the frame.
  package let payloadLength: Int
  /// The payload's captured bytes, shared with the frame.
  package let payload: ArraySlice<UInt8>

  /// The control bits.
  package struct Flags: OptionSet, Hashable, Sendable {
    /// The bits as they stand in the header.
    package let rawValue: UInt8

    /// Flags from their bits.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// No more data comes.
    package static let fin = Flags(rawValue: 1)
    /// The connection begins.
    package static let syn = Flags(rawValue: 2)
    /// The connection is reset.
    package static let rst = Flags(rawValue: 4)
    /// The data should be handed on.
    package static let psh = Flags(rawValue: 8)
    /// The acknowledgment number counts.
    package static let ack = Flags(rawValue: 16)
  }

  /// Decodes a segment of `length` bytes, of which `bytes` were captured. Throws when the header is
  /// incomplete or contradicts itself.
  package init(decoding bytes: ArraySlice<UInt8>, length: Int) throws(WireError) {
    var reader = ByteReader(bytes, layer: .tcp)
    sourcePort = try reader.uint16("source port")
    destinationPort = try reader.uint16("destination port")
    sequence = try reader.uint32("sequence number")
    acknowledgment = try reader.uint32("acknowledgment number")
    let headerLength = Int(try reader.uint8("data offset") >> 4) * 4
    flags = Flags(rawValue: try reader.uint8("flags"))
    window = try reader.uint16("window")
    guard headerLength >= 20, headerLength <= length else {
      throw .malformed(
        layer: .tcp, reason: "header length is \(headerLength) of \(length) bytes")
    }
    payloadLength = length - headerLength
    payload = bytes.dropFirst(headerLength)
  }

  /// How far the sequence numbers advance: the payload, and one each for SYN and FIN.
  package var sequenceLength: Int {
    payloadLength + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }
}
