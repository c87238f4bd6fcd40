/// The GUIDs of a variable store's parts (edk2 MdeModulePkg/MdeModulePkg.dec).
enum StoreGUID {
  /// A firmware volume with variables (gEfiSystemNvDataFvGuid).
  static let volume: [UInt8] = [
    0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
  ]
  /// A region of authenticated variables (gEfiAuthenticatedVariableGuid).
  static let authenticated: [UInt8] = [
    0x78, 0x2c, 0xf3, 0xaa, 0x7b, 0x94, 0x9a, 0x43, 0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92,
  ]
  /// A region of variables without authentication (gEfiVariableGuid).
  static let plain: [UInt8] = [
    0x16, 0x36, 0xcf, 0xdd, 0x75, 0x32, 0x64, 0x41, 0x98, 0xb6, 0xfe, 0x85, 0x70, 0x7f, 0xfe, 0x7d,
  ]
  /// A working block (gEdkiiWorkingBlockSignatureGuid).
  static let workingBlock: [UInt8] = [
    0x2b, 0x29, 0x58, 0x9e, 0x68, 0x7c, 0x7d, 0x49, 0xa0, 0xce, 0x65, 0x00, 0xfd, 0x9f, 0x1b, 0x95,
  ]
}

extension VariableStore.Layout {
  private static let structure = "variable store"
  /// Volumes begin at multiples of this, in bytes.
  static let alignment = 0x1000

  init(of bytes: [UInt8]) throws(EFIDecodingError) {
    let form = StoreForm(of: bytes)
    guard form == .flash, let start = Self.volumeStart(in: bytes, withVariables: true) else {
      throw Self.error(
        0,
        form == .unknown
          ? "no firmware volume with variables in \(bytes.count) bytes: \(form.description)"
          : "this is \(form.description)" + (form.wayOut.map { "; \($0)" } ?? ""))
    }
    let headerLength = try Self.checkVolumeHeader(bytes, at: start)
    var reader = ByteReader(bytes[start...], of: Self.structure)
    _ = try reader.take(32)
    let length = try reader.number(UInt64.self)
    guard length >= 0x1000, length <= bytes.count - start else {
      throw Self.error(
        start + 32,
        "the firmware volume is \(length) bytes long, the file has \(bytes.count - start)")
    }
    volume = start..<start + Int(length)
    _ = try reader.take(headerLength - 40)
    let guid = Array(try reader.take(16))
    switch guid {
    case StoreGUID.authenticated: isAuthenticated = true
    case StoreGUID.plain: isAuthenticated = false
    default:
      throw Self.error(
        start + headerLength,
        "the variable region has the signature \(GUID(bytes: guid)?.description ?? "")"
          + ", which is neither that of authenticated variables nor of plain ones")
    }
    let size = Int(try reader.number(UInt32.self))
    let format = try reader.number(UInt8.self)
    let state = try reader.number(UInt8.self)
    let begin = start + headerLength
    guard size > 28, size <= volume.upperBound - begin else {
      throw Self.error(begin + 16, "the variable region claims \(size) bytes")
    }
    guard format == 0x5a, state == 0xfe else {
      throw Self.error(
        begin + 20,
        "the variable region is not formatted and healthy (5a fe, not "
          + "\(format.hexadecimal) \(state.hexadecimal))")
    }
    region = begin..<begin + size
    entries = (begin + 28 + 3) / 4 * 4..<begin + size
    workingBlock = FaultTolerantWrite.workingBlock(in: bytes, from: region.upperBound)
  }

  /// Where the first firmware volume begins; `nil` where there is none.
  ///
  /// - Parameter withVariables: whether only one of variables counts.
  static func volumeStart(in bytes: [UInt8], withVariables: Bool) -> Int? {
    stride(from: 0, through: bytes.count - 0x48, by: alignment).first { start in
      bytes[start + 40..<start + 44].elementsEqual("_FVH".utf8)
        && (!withVariables || bytes[start + 16..<start + 32].elementsEqual(StoreGUID.volume))
    }
  }

  /// Checks a volume's header (EFI_FIRMWARE_VOLUME_HEADER) as the firmware does, which makes a
  /// new, empty store of one that fails.
  ///
  /// - Returns: its length in bytes.
  private static func checkVolumeHeader(
    _ bytes: [UInt8], at start: Int
  ) throws(EFIDecodingError) -> Int {
    let length = Int(UInt16(littleEndian: bytes[start + 48..<start + 50]))
    guard length >= 0x48, length.isMultiple(of: 2), start + length + 28 <= bytes.count else {
      throw error(start + 48, "the firmware volume's header is \(length) bytes long")
    }
    let sum = stride(from: start, to: start + length, by: 2).reduce(UInt16(0)) {
      $0 &+ UInt16(littleEndian: bytes[$1..<$1 + 2])
    }
    guard sum == 0 else {
      throw error(start + 50, "the firmware volume's header has a wrong checksum")
    }
    guard bytes[start + 55] == 2 else {
      throw error(start + 55, "the firmware volume has revision \(bytes[start + 55]), not 2")
    }
    return length
  }

  static func error(_ offset: Int, _ reason: String) -> EFIDecodingError {
    EFIDecodingError(structure: structure, offset: offset, reason: reason)
  }
}

extension VariableStore {
  static func entries(
    in bytes: [UInt8], _ layout: Layout
  ) throws(EFIDecodingError) -> [Entry] {
    var entries: [Entry] = []
    var offset = layout.entries.lowerBound
    while offset + layout.headerLength <= layout.entries.upperBound,
      bytes[offset] == 0xaa, bytes[offset + 1] == 0x55
    {
      let entry = try Entry(bytes, at: offset, layout)
      entries.append(entry)
      offset += entry.length
    }
    return entries
  }
}

extension VariableStore.Entry {
  init(
    _ bytes: [UInt8], at offset: Int, _ layout: VariableStore.Layout
  ) throws(EFIDecodingError) {
    var reader = ByteReader(bytes[offset..<layout.entries.upperBound], of: "variable store")
    _ = try reader.take(2)
    let state = State(rawValue: try reader.number(UInt8.self))
    _ = try reader.take(1)
    let attributes = Variable.Attributes(rawValue: try reader.number(UInt32.self))
    var time = EFITime.zero
    var count: UInt64 = 0
    var keyIndex: UInt32 = 0
    if layout.isAuthenticated {
      count = try reader.number(UInt64.self)
      time = EFITime(bytes: try reader.take(16)) ?? .zero
      keyIndex = try reader.number(UInt32.self)
    }
    let nameSize = try reader.number(UInt32.self)
    let dataSize = try reader.number(UInt32.self)
    let vendor = Array(try reader.take(16))
    // A header that was not written to its end (edk2 NameSizeOfVariable).
    let isUnwritten =
      state.rawValue == 0xff || nameSize == .max || dataSize == .max
      || attributes.rawValue == .max
    let name = isUnwritten ? 0 : Int(nameSize)
    let data = isUnwritten ? 0 : Int(dataSize)
    guard name + data <= reader.remaining, isUnwritten || name.isMultiple(of: 2) else {
      throw VariableStore.Layout.error(
        offset,
        "an entry of a name of \(name) and \(data) bytes of data, where \(reader.remaining) "
          + "are left")
    }
    let nameBytes = try reader.take(name)
    let units = stride(from: nameBytes.startIndex, to: nameBytes.endIndex, by: 2).map {
      UInt16(littleEndian: nameBytes[$0..<$0 + 2])
    }
    let contents = Array(try reader.take(data))
    guard let guid = GUID(bytes: vendor) else {
      throw VariableStore.Layout.error(offset, "an entry without a vendor")
    }
    if state.isLive, units.count < 2 || units.last != 0 || units.dropLast().contains(0) {
      throw VariableStore.Layout.error(
        offset, "an entry whose name is empty or does not end where it should")
    }
    self.offset = offset
    length = min(
      (layout.headerLength + name + data + 3) / 4 * 4, layout.entries.upperBound - offset)
    self.state = state
    variable = Variable(
      VariableName(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self), vendor: guid),
      attributes: attributes, data: contents, time: time, monotonicCount: count,
      publicKeyIndex: keyIndex)
  }

  /// A finished entry's bytes, padding included (edk2 VARIABLE_HEADER and
  /// AUTHENTICATED_VARIABLE_HEADER).
  static func bytes(of variable: Variable, isAuthenticated: Bool) -> [UInt8] {
    let name = (Array(variable.name.name.utf16) + [0]).flatMap(\.littleEndianBytes)
    var bytes: [UInt8] = [0xaa, 0x55, State.added.rawValue, 0]
    bytes += variable.attributes.rawValue.littleEndianBytes
    if isAuthenticated {
      bytes += variable.monotonicCount.littleEndianBytes + variable.time.bytes
      bytes += variable.publicKeyIndex.littleEndianBytes
    }
    bytes += UInt32(truncatingIfNeeded: name.count).littleEndianBytes
    bytes += UInt32(truncatingIfNeeded: variable.data.count).littleEndianBytes
    bytes += variable.name.vendor.bytes + name + variable.data
    return bytes + [UInt8](repeating: 0xff, count: (4 - bytes.count % 4) % 4)
  }
}
