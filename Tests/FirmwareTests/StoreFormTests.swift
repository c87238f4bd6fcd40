import Firmware
import Foundation
import Testing

/// What a file is, told from its bytes.
@Suite struct StoreFormTests {
  static func fixture(_ name: String) throws -> [UInt8] {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/stores", withExtension: nil))
    return [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
  }

  @Test(
    arguments: [
      ("ovmf-4m-secure-boot.fd", .flash), ("ovmf-2m.fd", .flash), ("virt-firmware.json", .json),
      ("ec2.aws", .aws),
    ] as [(String, StoreForm)])
  func files(name: String, form: StoreForm) throws {
    #expect(StoreForm(of: try Self.fixture(name)) == form)
  }

  /// Texts and their neighbours that only begin alike.
  @Test(
    arguments: [
      ("{}", .json), ("\u{feff} \n[1]", .json), ("x{}", .unknown), ("QFI\u{7f}", .unknown),
      ("QU1aTlVFRkk=", .aws), ("\nQU1aTlVFRkmz9HKt", .aws), ("QU1aTlVFR0", .unknown),
      ("AMZNUEFI", .unknown), ("#!/bin/sh", .unknown),
    ] as [(String, StoreForm)])
  func texts(text: String, form: StoreForm) {
    #expect(StoreForm(of: Array(text.utf8)) == form)
  }

  @Test(
    arguments: [
      ([0x51, 0x46, 0x49, 0xfb], .qcow2), ([0x51, 0x46, 0x49, 0xfa], .unknown),
      ([0x1f, 0x8b, 8, 0], .gzip), ([0x1f], .unknown), ([0, 0, 0, 1], .unknown),
      ([0xff, 0xff, 0], .unknown), ([0xff, 0xfe, 0xff], .unknown), ([1, 1, 1], .unknown),
    ] as [([UInt8], StoreForm)])
  func bytes(bytes: [UInt8], form: StoreForm) {
    #expect(StoreForm(of: bytes) == form)
  }

  /// Flash that nothing was written to, and flash that all but one byte of is erased.
  @Test(arguments: [(0, 0xff), (1, 0), (0x84000, 0), (0x84000, 0xff), (0xc0000, 0)])
  func blank(size: Int, fill: UInt8) throws {
    var bytes = [UInt8](repeating: fill, count: size)
    let stored = try StoredVariables(bytes: bytes)
    #expect(stored.variables == [] && stored.flash == nil && stored.editable == nil)
    #expect(stored.listing.variables == [])
    #expect(SecureBootState(stored) == .setupMode)
    guard case .blank(let blank) = stored.form else {
      Issue.record("\(stored.form) instead of blank")
      return
    }
    #expect(blank.size == size && (size == 0 || blank.fill == fill))
    #expect(
      blank.description.contains(
        size == 0 ? "empty" : "\(size) bytes of \(fill == 0 ? "00" : "FF")"))
    guard size > 1 else { return }
    bytes[size - 1] ^= 1
    #expect(StoreForm(of: bytes) == .unknown)
    #expect(throws: EFIDecodingError.self) { try StoredVariables(bytes: bytes) }
  }

  /// A volume of the firmware's code is not a store.
  @Test func code() throws {
    var bytes = try Self.fixture("ovmf-2m.fd")
    // EFI_FIRMWARE_FILE_SYSTEM2_GUID.
    let guid = try #require(GUID("8c8ce578-8a3d-4f1c-9935-896185c32dd3"))
    bytes.replaceSubrange(16..<32, with: guid.bytes)
    #expect(StoreForm(of: bytes) == .code)
    let error = #expect(throws: EFIDecodingError.self) { try StoredVariables(bytes: bytes) }
    #expect(error?.reason.contains("OVMF_VARS.fd") == true)
  }

  /// What is not read here says what it is, and the way out.
  @Test(
    arguments: [
      ([0x51, 0x46, 0x49, 0xfb], ["qcow2", "qemu-img convert -O raw"]),
      (Array("QU1aTlVFRkmz9HKt".utf8), ["Amazon EC2", "uefivars -i aws -o json"]),
      ([0x1f, 0x8b, 8, 0], ["gzip", "gunzip"]),
    ] as [([UInt8], [String])])
  func refused(bytes: [UInt8], words: [String]) {
    let error = #expect(throws: EFIDecodingError.self) { try StoredVariables(bytes: bytes) }
    #expect(words.allSatisfy { error?.reason.contains($0) == true })
  }

  /// As Debian's AAVMF has it: the volume of 768 KiB at the beginning of 64 MiB of flash.
  @Test func paddedToTheFlashOfARM() throws {
    let whole = try Self.fixture("ovmf-4m-secure-boot.fd")
    let store = try VariableStore(bytes: whole)
    var padded = try VariableStore(bytes: whole + [UInt8](repeating: 0, count: 4 << 20))
    #expect(padded.variables == store.variables)
    try padded.setBootNext(7)
    #expect(padded.bytes.count == whole.count + 4 << 20)
    #expect(try VariableStore(bytes: padded.bytes).bootNext() == 7)
  }

  /// Headers as `qemu-img create` writes them, and ones that name other files.
  @Test(
    arguments: [
      (3, 8, 0, nil), (2, 0, 4, nil), (3, 8, 1, "backing file"), (3, 72, 4, "another file"),
      (3, 32, 1, "encrypted"),
    ] as [(UInt8, Int, UInt8, String?)])
  func qcow2(version: UInt8, place: Int, value: UInt8, objection: String?) throws {
    var bytes: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, version]
    bytes += [UInt8](repeating: 0, count: 104 - 8)
    bytes[29] = 8
    let width = place == 32 ? 4 : 8
    if place > 0 { bytes[place + width - 1] = value }
    let header = try Qcow2Header(bytes: bytes)
    #expect(header.virtualSize == 8 << 16)
    #expect((header.objection == nil) == (objection == nil))
    #expect(header.objection?.contains(objection ?? "") != false)
    for count in 0..<(version == 3 ? 80 : 36) {
      #expect(throws: EFIDecodingError.self) { try Qcow2Header(bytes: Array(bytes.prefix(count))) }
    }
    bytes[7] = 4
    #expect(throws: EFIDecodingError.self) { try Qcow2Header(bytes: bytes) }
  }
}
