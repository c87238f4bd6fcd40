import PXEWire

/// What the section that is being read says of itself and its interfaces.
struct PcapngState {
  var byteOrder = ByteOrder.little
  /// Where the section's interfaces begin among all of the file's.
  var firstInterface = 0
  var interfaces: [Interface] = []

  /// What an interface's packets need.
  struct Interface {
    var linkType: LinkType
    var isSkipped: Bool
    var snapshotLength: Int
    var resolution: TimestampResolution
  }
}

extension CaptureFileReader {
  /// The largest block that is read; larger ones of kinds that do not matter are passed over.
  static var largestBlock: Int { 16 << 20 }
  /// More interfaces than any file has.
  private static var mostInterfaces: Int { 100_000 }

  mutating func nextOfPcapng() throws(CaptureFileError) -> CaptureRecord? {
    while true {
      let offset = window.offset
      guard try window.has(12) else {
        if window.available > 0 { noteCut(at: offset) }
        return nil
      }
      let type = pcapng.byteOrder.uint32(window.bytes, at: 0)
      // The same number in either byte order.
      if type == PcapngBlock.sectionHeader { try beginSection(at: offset) }
      let length = Int(pcapng.byteOrder.uint32(window.bytes, at: 4))
      guard length >= 12, length % 4 == 0 else {
        throw damaged(at: offset, "a block of \(length) bytes, which is not possible")
      }
      guard PcapngBlock.isRead(type) else {
        guard try window.skip(length) else {
          noteCut(at: offset)
          return nil
        }
        continue
      }
      guard length <= Self.largestBlock else {
        throw damaged(at: offset, "a block of \(length) bytes, more than any program writes")
      }
      guard try window.has(length) else {
        noteCut(at: offset)
        return nil
      }
      let block = UnsafeRawBufferPointer(rebasing: window.bytes[..<length])
      let again = Int(pcapng.byteOrder.uint32(block, at: length - 4))
      guard again == length else {
        throw damaged(at: offset, "a block's length is \(length) in front and \(again) at its end")
      }
      window.take(length)
      let body = UnsafeRawBufferPointer(rebasing: block[8..<length - 4])
      if let record = try read(type, body, at: offset) { return record }
    }
  }

  private mutating func read(
    _ type: UInt32, _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) -> CaptureRecord? {
    switch type {
    case PcapngBlock.enhancedPacket: return try enhancedPacket(body, at: offset)
    case PcapngBlock.packet: return try obsoletePacket(body, at: offset)
    case PcapngBlock.simplePacket: return try simplePacket(body, at: offset)
    case PcapngBlock.interfaceDescription: try describeInterface(body, at: offset)
    case PcapngBlock.interfaceStatistics: takeStatistics(body)
    case PcapngBlock.nameResolution: takeNames(body)
    case PcapngBlock.sectionHeader:
      if body.count > 16 { takeComments(body, from: 16) }
    default: break
    }
    return nil
  }

  // MARK: Sections and interfaces

  private mutating func beginSection(at offset: Int) throws(CaptureFileError) {
    let magic = ByteOrder.little.uint32(window.bytes, at: 8)
    switch magic {
    case 0x1a2b_3c4d: pcapng.byteOrder = .little
    case 0x4d3c_2b1a: pcapng.byteOrder = .big
    default: throw damaged(at: offset, "a section's byte order mark is not one")
    }
    guard try window.has(28) else { return }
    let major = pcapng.byteOrder.uint16(window.bytes, at: 12)
    guard major == 1 else {
      throw CaptureFileError(
        kind: .unsupported, file: file, offset: offset,
        reason: "a pcapng section of version \(major); only 1 is read")
    }
    let length = pcapng.byteOrder.uint32(window.bytes, at: 4)
    guard length >= 28 else {
      throw damaged(at: offset, "a section header of \(length) bytes, where 28 are the least")
    }
    pcapng.firstInterface = interfaces.count
    pcapng.interfaces = []
  }

  private mutating func describeInterface(
    _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) {
    guard body.count >= 8 else {
      throw damaged(at: offset, "an interface description of \(body.count) bytes")
    }
    guard interfaces.count < Self.mostInterfaces else {
      throw damaged(at: offset, "more than \(Self.mostInterfaces) interfaces")
    }
    let byteOrder = pcapng.byteOrder
    let linkType = LinkType(rawValue: byteOrder.uint16(body, at: 0))
    var interface = CaptureInterface(
      linkType: linkType, snapshotLength: Int(byteOrder.uint32(body, at: 4)))
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0
    for option in PcapngOptions(body, from: 8, byteOrder) {
      switch option.code {
      case PcapngOption.interfaceName: interface.name = option.text
      case PcapngOption.interfaceDescription: interface.description = option.text
      case PcapngOption.timestampResolution where option.value.count >= 1:
        resolution = option.value[0]
      case PcapngOption.timestampOffset where option.value.count >= 8:
        offsetSeconds = Int64(bitPattern: byteOrder.uint64(option.value, at: 0))
      default: break
      }
    }
    interfaces.append(interface)
    pcapng.interfaces.append(
      PcapngState.Interface(
        linkType: linkType, isSkipped: !linkType.isDecodable,
        snapshotLength: interface.snapshotLength,
        resolution: TimestampResolution(code: resolution, offsetSeconds: offsetSeconds)))
  }

  private mutating func takeStatistics(_ body: UnsafeRawBufferPointer) {
    guard body.count >= 12 else { return }
    let index = Int(pcapng.byteOrder.uint32(body, at: 0))
    guard index < pcapng.interfaces.count else { return }
    var dropped: Int?
    for option in PcapngOptions(body, from: 12, pcapng.byteOrder) where option.value.count >= 8 {
      let count = Int(clamping: pcapng.byteOrder.uint64(option.value, at: 0))
      switch option.code {
      case PcapngOption.received:
        interfaces[pcapng.firstInterface + index].received = count
      case PcapngOption.droppedByInterface, PcapngOption.droppedBySystem:
        dropped = (dropped ?? 0).addingReportingOverflow(count).partialValue
      default: break
      }
    }
    if let dropped { interfaces[pcapng.firstInterface + index].dropped = dropped }
  }

  // MARK: Packets

  private mutating func enhancedPacket(
    _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) -> CaptureRecord? {
    guard body.count >= 20 else {
      throw damaged(at: offset, "a packet block of \(body.count) bytes")
    }
    let byteOrder = pcapng.byteOrder
    return try packet(
      interface: Int(byteOrder.uint32(body, at: 0)),
      time: UInt64(byteOrder.uint32(body, at: 4)) << 32 | UInt64(byteOrder.uint32(body, at: 8)),
      count: Int(byteOrder.uint32(body, at: 12)), original: Int(byteOrder.uint32(body, at: 16)),
      body, at: offset)
  }

  /// The packet block of before 2009, as old programs write it.
  private mutating func obsoletePacket(
    _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) -> CaptureRecord? {
    guard body.count >= 20 else {
      throw damaged(at: offset, "a packet block of \(body.count) bytes")
    }
    let byteOrder = pcapng.byteOrder
    return try packet(
      interface: Int(byteOrder.uint16(body, at: 0)),
      time: UInt64(byteOrder.uint32(body, at: 4)) << 32 | UInt64(byteOrder.uint32(body, at: 8)),
      count: Int(byteOrder.uint32(body, at: 12)), original: Int(byteOrder.uint32(body, at: 16)),
      body, at: offset)
  }

  @inline(__always)
  private mutating func packet(
    interface index: Int, time: UInt64, count: Int, original: Int,
    _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) -> CaptureRecord? {
    guard index < pcapng.interfaces.count else {
      throw damaged(at: offset, "a packet of interface \(index), which is not described before it")
    }
    guard count <= body.count - 20 else {
      throw damaged(at: offset, "a packet of \(count) bytes in a block of \(body.count - 20)")
    }
    packets += 1
    lastTime = pcapng.interfaces[index].resolution.time(time)
    let linkType = pcapng.interfaces[index].linkType
    if pcapng.interfaces[index].isSkipped {
      skipped[linkType, default: 0] += 1
      return nil
    }
    let options = min(20 + (count + 3) & ~3, body.count)
    return CaptureRecord(
      number: packets, time: lastTime, originalLength: max(original, count),
      bytes: UnsafeRawBufferPointer(rebasing: body[20..<20 + count]), linkType: linkType,
      interface: pcapng.firstInterface + index,
      options: UnsafeRawBufferPointer(rebasing: body[options...]), byteOrder: pcapng.byteOrder)
  }

  private mutating func simplePacket(
    _ body: UnsafeRawBufferPointer, at offset: Int
  ) throws(CaptureFileError) -> CaptureRecord? {
    guard body.count >= 4 else {
      throw damaged(at: offset, "a packet block of \(body.count) bytes")
    }
    guard let interface = pcapng.interfaces.first else {
      throw damaged(at: offset, "a packet of interface 0, which is not described before it")
    }
    let original = Int(pcapng.byteOrder.uint32(body, at: 0))
    let limit = interface.snapshotLength == 0 ? Int.max : interface.snapshotLength
    let count = min(original, limit, body.count - 4)
    packets += 1
    if interface.isSkipped {
      skipped[interface.linkType, default: 0] += 1
      return nil
    }
    return CaptureRecord(
      number: packets, time: lastTime, originalLength: original,
      bytes: UnsafeRawBufferPointer(rebasing: body[4..<4 + count]), linkType: interface.linkType,
      interface: pcapng.firstInterface, options: UnsafeRawBufferPointer(start: nil, count: 0),
      byteOrder: pcapng.byteOrder)
  }

  // MARK: Names and comments

  private mutating func takeComments(_ body: UnsafeRawBufferPointer, from offset: Int) {
    for option in PcapngOptions(body, from: offset, pcapng.byteOrder)
    where option.code == PcapngOption.comment && comments.count < 1000 {
      comments.append(option.text)
    }
  }

  private mutating func takeNames(_ body: UnsafeRawBufferPointer) {
    // A record has the form of an option, and 0 ends them too.
    for record in PcapngOptions(body, from: 0, pcapng.byteOrder) {
      let count =
        switch record.code {
        case 1: 4
        case 2: 16
        case 3: 6
        default: 0
        }
      guard count > 0, record.value.count > count else { continue }
      let address = [UInt8](record.value.prefix(count))
      for name in record.value.dropFirst(count).split(separator: 0) where names.count < 10_000 {
        names.append(CaptureName(address: address, name: String(decoding: name, as: UTF8.self)))
      }
    }
  }
}
