import Firmware
import Testing

@Suite struct FirmwareFitTests {
  /// Sizes of Debian, Fedora, SUSE and QEMU: 1, 2 and 4 MiB of flash, and flash of its own on ARM.
  @Test(
    arguments: [
      (3_653_632, 540_672), (1_966_080, 131_072), (917_504, 131_072), (64 << 20, 64 << 20),
      (32 << 20, 32 << 20),
      // Code and variables in one, code for -bios, and what is no code at all.
      (4 << 20, nil), (2 << 20, nil), (3 << 20, nil), (0, nil), (1000, nil), (.max, nil),
    ] as [(Int, Int?)])
  func stores(code: Int, store: Int?) {
    #expect(FirmwareFit.storeSize(forCode: code) == store)
  }

  static let small = FirmwareFit.File(name: "OVMF_CODE.fd", size: 1_966_080)
  static let large = FirmwareFit.File(name: "OVMF_CODE_4M.fd", size: 3_653_632)
  static let arm = FirmwareFit.File(name: "AAVMF_CODE.fd", size: 64 << 20)

  @Test(
    arguments: [
      ("OVMF_VARS.fd", 131_072, [large], 540_672), ("OVMF_VARS_4M.fd", 540_672, [small], 131_072),
      ("OVMF_VARS_4M.ms.fd", 131_072, [small, large], 540_672),
      ("vm_VARS.fd", 786_432, [small, large], 131_072), ("vm.fd", 786_432, [arm], 64 << 20),
      // What fits, or is not known.
      ("OVMF_VARS.fd", 131_072, [small], nil), ("OVMF_VARS.fd", 131_072, [small, large], nil),
      ("OVMF_VARS_4M.ms.fd", 540_672, [small, large], nil),
      ("vm.fd", 540_672, [small, large], nil),
      ("AAVMF_VARS.fd", 64 << 20, [arm], nil), ("OVMF_VARS.fd", 131_072, [], nil),
      ("OVMF_VARS.fd", 131_072, [.init(name: "OVMF_CODE.fd", size: 4 << 20)], nil),
      ("OVMF_VARS.fd", 131_072, [.init(name: "qrcode.bin", size: 3_653_632)], nil),
      ("OVMF_VARS.fd", 131_072, [.init(name: "OVMF_CODE_4M.qcow2", size: 3_653_632)], nil),
      ("OVMF_VARS.4m.fd", 540_672, [.init(name: "OVMF_CODE.4m.fd", size: 3_653_632), small], nil),
      (
        "ovmf-x86_64-4m-vars.bin", 540_672,
        [.init(name: "ovmf-x86_64-4m-code.bin", size: 3_653_632)], nil
      ),
    ] as [(String, Int, [FirmwareFit.File], Int?)])
  func beside(name: String, size: Int, neighbours: [FirmwareFit.File], expected: Int?) {
    let mismatch = FirmwareFit.mismatch(of: .init(name: name, size: size), beside: neighbours)
    #expect(mismatch?.expected == expected)
  }

  @Test func sentence() throws {
    let mismatch = try #require(
      FirmwareFit.mismatch(
        of: .init(name: "OVMF_VARS.fd", size: 131_072), beside: [Self.large]))
    for word in ["128 KiB", "OVMF_CODE_4M.fd", "528 KiB"] {
      #expect(mismatch.description.contains(word))
    }
  }
}
