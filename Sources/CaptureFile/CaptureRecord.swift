import PXEWire

/// One packet of a capture file. It is lent: its bytes and comments are gone at the next call of the
/// reader.
package struct CaptureRecord {
  /// The packet's number in the file, from 1; packets that the reader passes over are counted, so
  /// that it is the number that tshark and Wireshark show.
  package let number: Int
  /// When it was captured. A simple packet block of pcapng has no time; then it is that of the packet
  /// before.
  package let time: Timestamp
  /// How long it was on the wire, in bytes; at least as long as `bytes`.
  package let originalLength: Int
  /// What was kept of it, from the link-layer header on; valid until the reader's next call.
  package let bytes: UnsafeRawBufferPointer
  /// What the bytes begin with.
  package let linkType: LinkType
  /// The index of its interface in the reader's ``CaptureFileReader/interfaces``.
  package let interface: Int
  /// The options of its block; most packets have none.
  let options: UnsafeRawBufferPointer
  let byteOrder: ByteOrder

  /// What people or programs noted beside the packet (pcapng's `opt_comment`).
  package var comments: [String] {
    PcapngOptions(options, from: 0, byteOrder).compactMap { option in
      option.code == PcapngOption.comment ? option.text : nil
    }
  }

  /// Which way it went at the interface, where the file says so (pcapng's `epb_flags`).
  package var direction: Direction? {
    for option in PcapngOptions(options, from: 0, byteOrder)
    where option.code == PcapngOption.packetFlags && option.value.count >= 4 {
      switch byteOrder.uint32(option.value, at: 0) & 3 {
      case 1: return .inbound
      case 2: return .outbound
      default: return nil
      }
    }
    return nil
  }

  /// Which way a packet went at the interface that captured it.
  package enum Direction: String, Hashable, Sendable {
    /// The capturing machine received it.
    case inbound
    /// The capturing machine sent it.
    case outbound
  }

  /// The decoded frame.
  ///
  /// - Throws: `WireError` when the link-layer header is incomplete.
  package func frame() throws(WireError) -> Frame {
    try Frame(decoding: bytes, linkType: linkType)
  }
}
