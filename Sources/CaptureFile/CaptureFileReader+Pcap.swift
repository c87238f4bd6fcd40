import PXEWire

/// What a pcap file's header says.
struct PcapState {
  var byteOrder = ByteOrder.little
  /// Nanoseconds in a unit of the timestamps' second field.
  var fraction: Int64 = 1000
  var linkType = LinkType.ethernet
  var isSkipped = false
  /// Whether the two lengths stand the other way round, as until version 2.3: `true`, `false`, or
  /// `nil` where it is known only by which is larger.
  var areLengthsSwapped: Bool? = false
  /// The most bytes that a packet may have.
  var limit = 0
}

extension CaptureFileReader {
  /// The largest packet that any libpcap writes; larger means that the header is none.
  static var largestPacket: Int { 262_144 }

  mutating func beginPcap() throws(CaptureFileError) {
    let magic = ByteOrder.big.uint32(window.bytes, at: 0)
    let isBig = magic == 0xa1b2_c3d4 || magic == 0xa1b2_3c4d
    pcap.byteOrder = isBig ? .big : .little
    pcap.fraction = magic == 0xa1b2_3c4d || magic == 0x4d3c_b2a1 ? 1 : 1000
    guard try window.has(24) else {
      noteCut(at: 0)
      window.take(window.available)
      return
    }
    let header = window.bytes
    let major = pcap.byteOrder.uint16(header, at: 4)
    let minor = pcap.byteOrder.uint16(header, at: 6)
    guard major == 2 else {
      throw CaptureFileError(
        kind: .unsupported, file: file, offset: 4,
        reason: "a pcap file of version \(major).\(minor); only 2 is read")
    }
    pcap.areLengthsSwapped = minor < 3 ? true : minor == 3 ? nil : false
    let snapshotLength = Int(pcap.byteOrder.uint32(header, at: 16))
    // The upper half holds the length of the frame check sequence.
    pcap.linkType = LinkType(
      rawValue: UInt16(truncatingIfNeeded: pcap.byteOrder.uint32(header, at: 20)))
    pcap.isSkipped = !pcap.linkType.isDecodable
    pcap.limit = min(max(snapshotLength, Self.largestPacket), Self.largestBlock)
    interfaces = [CaptureInterface(linkType: pcap.linkType, snapshotLength: snapshotLength)]
    window.take(24)
  }

  mutating func nextOfPcap() throws(CaptureFileError) -> CaptureRecord? {
    while true {
      let offset = window.offset
      guard try window.has(16) else {
        if window.available > 0 { noteCut(at: offset) }
        return nil
      }
      let header = window.bytes
      let seconds = pcap.byteOrder.uint32(header, at: 0)
      let fraction = pcap.byteOrder.uint32(header, at: 4)
      var count = Int(pcap.byteOrder.uint32(header, at: 8))
      var original = Int(pcap.byteOrder.uint32(header, at: 12))
      if pcap.areLengthsSwapped ?? (count > original) { swap(&count, &original) }
      guard count <= pcap.limit else {
        throw damaged(
          at: offset, "a packet of \(count) bytes, where \(pcap.limit) are the most there can be")
      }
      guard try window.has(16 + count) else {
        noteCut(at: offset)
        return nil
      }
      packets += 1
      lastTime = Timestamp(
        nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(fraction) * pcap.fraction)
      let bytes = UnsafeRawBufferPointer(rebasing: window.bytes[16..<16 + count])
      window.take(16 + count)
      if pcap.isSkipped {
        skipped[pcap.linkType, default: 0] += 1
        continue
      }
      return CaptureRecord(
        number: packets, time: lastTime, originalLength: max(original, count), bytes: bytes,
        linkType: pcap.linkType, interface: 0,
        options: UnsafeRawBufferPointer(start: nil, count: 0), byteOrder: pcap.byteOrder)
    }
  }
}
