import Firmware
import Foundation
import Mutations
import Testing

/// Stores that are no longer what was written: each is read as what it then says, or refused with a
/// place; nothing crashes, and reading changes nothing.
@Suite struct DamagedStoreTests {
  /// The store of a machine that OVMF booted.
  static func store() throws -> [UInt8] {
    try [UInt8](
      Data(
        contentsOf: #require(
          Bundle.module.url(forResource: "Fixtures/stores/ovmf-4m-secure-boot", withExtension: "fd")
        )))
  }

  private enum Outcome: Equatable {
    case refused(Int)
    case read
  }

  /// Reads bytes; what can be read can be changed, and read again with the change in it.
  @discardableResult
  private func judge(_ bytes: [UInt8], changing: Bool = false) throws -> Outcome {
    do throws(EFIDecodingError) {
      var store = try VariableStore(bytes: bytes)
      #expect(store.isRecovered || store.bytes == bytes)
      guard changing else { return .read }
      do {
        try store.setBootNext(0x1234)
      } catch { return .read }
      let again = try VariableStore(bytes: store.bytes)
      #expect(try again.bootNext() == 0x1234)
      return .read
    } catch {
      #expect((0...bytes.count).contains(error.offset) && !error.reason.isEmpty)
      return .refused(error.offset)
    }
  }

  @Test(arguments: [0xff, 0x01, 0x80] as [UInt8])
  func eachByteOfTheVolumesHeaderFlipped(mask: UInt8) throws {
    let whole = try Self.store()
    for offset in 0..<0x48 {
      var bytes = whole
      bytes[offset] ^= mask
      // The header's checksum covers all of it, so none of these is what the firmware would take.
      guard case .refused = try judge(bytes) else {
        Issue.record("byte \(offset) flipped by \(mask) is not noticed")
        continue
      }
    }
  }

  /// The region's header, except what is reserved in it.
  @Test(arguments: [0xff, 0x01] as [UInt8])
  func eachByteOfTheRegionsHeaderFlipped(mask: UInt8) throws {
    let whole = try Self.store()
    for offset in 0x48..<0x64 {
      var bytes = whole
      bytes[offset] ^= mask
      let outcome = try judge(bytes, changing: true)
      if offset < 0x58 || (0x5c..<0x5e).contains(offset) {
        #expect(outcome != .read, "byte \(offset) flipped by \(mask) is not noticed")
      }
    }
  }

  @Test func eachByteOfEveryEntrysHeaderFlipped() throws {
    // A small one, with deleted entries.
    var store = try Stores.store("OVMF_VARS.ms.fd")
    store.reclaim()
    try store.setBootNext(1)
    try store.setBootNext(2)
    store.delete(.bootNext)
    let whole = store.bytes
    let entries = store.entries
    #expect(entries.count == 33)
    var refusals = 0
    for entry in entries {
      for place in 0..<60 {
        var bytes = whole
        bytes[entry.offset + place] ^= 0xff
        let outcome = try judge(bytes)
        if outcome != .read { refusals += 1 }
        // An entry that does not begin as one would hide all that come after it.
        if place < 2 { #expect(outcome == .refused(entry.offset)) }
      }
    }
    #expect(refusals >= 2 * entries.count)
  }

  @Test func eachByteOfTheWorkingBlockFlipped() throws {
    let whole = try Self.store()
    let block = try #require(VariableStore(bytes: whole).layout.workingBlock)
    for offset in block.lowerBound..<block.lowerBound + 32 + 80 {
      var bytes = whole
      bytes[offset] ^= 0xff
      #expect(try judge(bytes) == .read)
    }
  }

  @Test func truncated() throws {
    let whole = try Self.store()
    for count in Array(0..<0x70) + stride(from: 0x70, to: whole.count, by: 0xffb) {
      #expect(try judge(Array(whole.prefix(count))) != .read)
    }
    #expect(try judge(whole) == .read)
    #expect(try judge(whole + [UInt8](repeating: 0, count: 4096), changing: true) == .read)
  }

  @Test func randomBytes() throws {
    var numbers = RepeatableNumbers(seed: 6)
    let whole = try Self.store()
    for round in 0..<60 {
      let noise = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      #expect(try judge(noise) != .read)
      // In the middle of a store, from an offset of its entries on.
      var bytes = whole
      let start = 0x64 + Int.random(in: 0..<0x3000, using: &numbers)
      bytes.replaceSubrange(start..<start + 256, with: noise[..<256])
      try judge(bytes, changing: round.isMultiple(of: 8))
    }
  }

  @Test func notAStore() throws {
    for (bytes, reason) in [
      (Array("QFI\u{fb}".unicodeScalars).map { UInt8($0.value) }, "qemu-img convert"),
      (Array("#!/bin/sh".utf8), "not a variable store"),
      ([], "blank"),
    ] {
      let error = #expect(throws: EFIDecodingError.self) { try VariableStore(bytes: bytes) }
      #expect(error?.reason.contains(reason) == true)
    }
  }
}
