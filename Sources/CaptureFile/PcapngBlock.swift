/// The kinds of block that are read or written (draft-ietf-opsawg-pcapng, section 11.1).
enum PcapngBlock {
  static let interfaceDescription: UInt32 = 1
  static let packet: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let nameResolution: UInt32 = 4
  static let interfaceStatistics: UInt32 = 5
  static let enhancedPacket: UInt32 = 6
  static let sectionHeader: UInt32 = 0x0a0d_0d0a

  /// Whether blocks of a kind say something that matters; others are passed over.
  static func isRead(_ type: UInt32) -> Bool {
    (1...6).contains(type) || type == sectionHeader
  }
}

/// The options that are read or written, by their codes; the codes of a kind of block mean nothing
/// in another, except the comment's.
enum PcapngOption {
  static let end: UInt16 = 0
  static let comment: UInt16 = 1
  // Section header.
  static let hardware: UInt16 = 2
  static let operatingSystem: UInt16 = 3
  static let application: UInt16 = 4
  // Interface description.
  static let interfaceName: UInt16 = 2
  static let interfaceDescription: UInt16 = 3
  static let timestampResolution: UInt16 = 9
  static let filter: UInt16 = 11
  static let timestampOffset: UInt16 = 14
  // Enhanced packet.
  static let packetFlags: UInt16 = 2
  // Interface statistics.
  static let startTime: UInt16 = 2
  static let endTime: UInt16 = 3
  static let received: UInt16 = 4
  static let droppedByInterface: UInt16 = 5
  static let droppedBySystem: UInt16 = 7
}

/// The options at a block's end; one that reaches past the block, and what follows it, is left out.
struct PcapngOptions: Sequence, IteratorProtocol {
  /// One option.
  struct Element {
    let code: UInt16
    let value: UnsafeRawBufferPointer

    /// The value as text, without the zero bytes that some programs end it with.
    var text: String {
      String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private let body: UnsafeRawBufferPointer
  private let byteOrder: ByteOrder
  private var offset: Int

  init(_ body: UnsafeRawBufferPointer, from offset: Int, _ byteOrder: ByteOrder) {
    self.body = body
    self.byteOrder = byteOrder
    self.offset = offset
  }

  mutating func next() -> Element? {
    guard offset <= body.count - 4 else { return nil }
    let code = byteOrder.uint16(body, at: offset)
    let count = Int(byteOrder.uint16(body, at: offset + 2))
    guard code != PcapngOption.end, offset + 4 + count <= body.count else { return nil }
    let value = UnsafeRawBufferPointer(rebasing: body[offset + 4..<offset + 4 + count])
    offset += 4 + (count + 3) & ~3
    return Element(code: code, value: value)
  }
}
