import Firmware
import Testing

/// A firmware that was cut off while it wrote a reclaimed region.
@Suite struct FaultTolerantWriteTests {
  /// How far the write had come, with what the flags of its header and record then are.
  enum Progress: CaseIterable {
    case allocated, spareComplete, targetErased, targetHalfWritten, complete

    var header: UInt8 { self == .complete ? 0xf8 : 0xfc }

    var record: UInt8 {
      switch self {
      case .allocated: 0xff
      case .spareComplete, .targetErased, .targetHalfWritten: 0xfd
      case .complete: 0xf9
      }
    }
  }

  @Test(
    arguments: [("OVMF_VARS_4M.ms.fd", 0x41000, 0x40), ("OVMF_VARS.ms.fd", 0xf000, 0xe)],
    Progress.allCases)
  func finished(store: (name: String, block: Int, blocks: Int), progress: Progress) throws {
    let before = try Stores.store(store.name)
    var after = before
    try after.setBootNext(0x42)
    after.reclaim()
    #expect(after.layout.workingBlock?.lowerBound == store.block)

    // edk2 keeps offset and length of what is written, and writes whole blocks.
    let length = store.blocks * 0x1000
    var bytes = before.bytes
    var header = [UInt8](repeating: 0xff, count: 40)
    header[0] = progress.header
    header.replaceSubrange(24..<40, with: number(1) + number(0))
    var record = [UInt8](repeating: 0xff, count: 40)
    record[0] = progress.record
    record.replaceSubrange(8..<32, with: number(0) + number(0x48) + number(UInt64(length - 0x48)))
    bytes.replaceSubrange(store.block + 32..<store.block + 112, with: header + record)
    let spare = store.block + 0x1000
    bytes.replaceSubrange(spare..<spare + length, with: after.bytes[..<length])
    switch progress {
    case .allocated, .spareComplete: break
    case .targetErased: bytes.replaceSubrange(0..<length, with: repeatElement(0xff, count: length))
    case .targetHalfWritten:
      bytes.replaceSubrange(0x2000..<length, with: repeatElement(0xff, count: length - 0x2000))
    case .complete: bytes.replaceSubrange(0..<length, with: after.bytes[..<length])
    }

    var read = try VariableStore(bytes: bytes)
    let isUnfinished = progress != .allocated && progress != .complete
    #expect(read.isRecovered == isUnfinished)
    #expect(read.variables == (progress == .allocated ? before : after).variables)
    // What is written then is not undone by the firmware.
    try read.setBootNext(0x43)
    let again = try VariableStore(bytes: read.bytes)
    #expect(!again.isRecovered)
    #expect(try again.bootNext() == 0x43)
  }

  private func number(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
