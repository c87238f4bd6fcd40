/// The working block and the spare blocks behind a variable region. The firmware writes a whole new
/// region to the spare blocks before it erases the old one, and after a crash in between it
/// finishes at its next start (edk2 MdeModulePkg/Universal/FaultTolerantWriteDxe).
enum FaultTolerantWrite {
  /// EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER.
  private static let blockHeaderLength = 32
  /// EFI_FAULT_TOLERANT_WRITE_HEADER.
  private static let writeHeaderLength = 40
  /// EFI_FAULT_TOLERANT_WRITE_RECORD.
  private static let recordLength = 40

  /// A bit that is clear is set (FTW_VALID_STATE).
  private enum Flag {
    static let workingBlockValid: UInt8 = 1
    static let headerAllocated: UInt8 = 1
    static let complete: UInt8 = 4
    static let spareComplete: UInt8 = 2
    static let destinationComplete: UInt8 = 4
  }

  /// A write whose data are in the spare blocks and not yet in their place.
  private struct Unfinished {
    var header: Int
    var record: Int
    var isLastRecord: Bool
    var target: Range<Int>
    var spare: Range<Int>
  }

  /// The first valid working block, header included, at or behind an offset.
  static func workingBlock(in bytes: [UInt8], from offset: Int) -> Range<Int>? {
    let alignment = VariableStore.Layout.alignment
    let first = (offset + alignment - 1) / alignment * alignment
    for start in stride(from: first, through: bytes.count - blockHeaderLength, by: alignment) {
      guard bytes[start..<start + 16].elementsEqual(StoreGUID.workingBlock),
        bytes[start + 20] & 3 == 2
      else { continue }
      let queue = UInt64(littleEndian: bytes[start + 24..<start + 32])
      guard queue <= UInt64(bytes.count - start - blockHeaderLength) else { return nil }
      return start..<start + blockHeaderLength + Int(queue)
    }
    return nil
  }

  /// What the firmware makes of a file at its next start; `nil` where no write is unfinished.
  static func finishing(_ bytes: [UInt8]) -> [UInt8]? {
    guard let block = workingBlock(in: bytes, from: 0),
      let write = unfinished(in: bytes, block)
    else { return nil }
    var bytes = bytes
    bytes.replaceSubrange(write.target, with: bytes[write.spare])
    bytes[write.record] &= ~Flag.destinationComplete
    if write.isLastRecord { bytes[write.header] &= ~Flag.complete }
    return bytes
  }

  private static func unfinished(in bytes: [UInt8], _ block: Range<Int>) -> Unfinished? {
    var header = block.lowerBound + blockHeaderLength
    while true {
      guard header + writeHeaderLength + recordLength <= block.upperBound,
        bytes[header] & Flag.headerAllocated == 0
      else { return nil }
      let count = UInt64(littleEndian: bytes[header + 24..<header + 32])
      let privateSize = UInt64(littleEndian: bytes[header + 32..<header + 40])
      let room = UInt64(block.upperBound - header - writeHeaderLength)
      guard count > 0, count <= room / UInt64(recordLength), privateSize <= room,
        count * (UInt64(recordLength) + privateSize) <= room
      else { return nil }
      let stride = recordLength + Int(privateSize)
      let records = (0..<Int(count)).map { header + writeHeaderLength + $0 * stride }
      if bytes[header] & Flag.complete == 0 {
        header += writeHeaderLength + Int(count) * stride
        continue
      }
      guard let record = records.first(where: { bytes[$0] & Flag.destinationComplete != 0 }),
        bytes[record] & Flag.spareComplete == 0
      else { return nil }
      return write(bytes, block, header: header, record: record, isLast: record == records.last)
    }
  }

  private static func write(
    _ bytes: [UInt8], _ block: Range<Int>, header: Int, record: Int, isLast: Bool
  ) -> Unfinished? {
    func number(_ place: Int) -> UInt64 {
      UInt64(littleEndian: bytes[record + place..<record + place + 8])
    }
    // The spare blocks begin with a copy of the volume's header if the volume's own blocks were
    // written; these are the only writes that are looked for.
    let blockSize = UInt64(VariableStore.Layout.alignment)
    let limit = UInt64(bytes.count)
    let (lba, offset, length) = (number(8), number(16), number(24))
    guard lba < limit, offset < limit, length > 0, length < limit else { return nil }
    let size = (offset + length + blockSize - 1) / blockSize * blockSize
    let start = lba * blockSize
    guard start + size <= UInt64(block.lowerBound), UInt64(block.upperBound) + size <= limit else {
      return nil
    }
    return Unfinished(
      header: header, record: record, isLastRecord: isLast,
      target: Int(start)..<Int(start + size),
      spare: block.upperBound..<block.upperBound + Int(size))
  }
}
