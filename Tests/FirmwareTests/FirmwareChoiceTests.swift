import Firmware
import Foundation
import Testing

func fixture(_ name: String) throws -> String {
  let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
  return try String(contentsOf: url, encoding: .utf8)
}

@Suite struct FirmwareChoiceTests {
  static let names = [
    "60-edk2-x86_64.json", "40-edk2-x86_64-secure-enrolled.json", "50-edk2-x86_64-secure.json",
  ]

  /// Debian 12's descriptors, in no particular order.
  static func debian() throws -> [FirmwareDescriptorFile] {
    try names.map {
      FirmwareDescriptorFile(path: "/usr/share/qemu/firmware/\($0)", text: try fixture($0))
    }
  }

  @Test(arguments: [
    (true, true, "q35", "OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd"),
    (true, true, "pc-q35-7.2", "OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd"),
    (false, true, "q35", "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.fd"),
    (false, false, "q35", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    (false, false, "pc-i440fx-7.2", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
  ])
  func choosesAsLibvirtDoes(
    secureBoot: Bool, smm: Bool, machine: String, code: String, variables: String
  ) throws {
    let choice = try FirmwareChoice.select(
      from: Self.debian(),
      request: .init(secureBoot: secureBoot, smm: smm, machine: machine))
    #expect(choice.code.filename == "/usr/share/OVMF/\(code)")
    #expect(choice.code.format == "raw")
    #expect(choice.variablesTemplate.filename == "/usr/share/OVMF/\(variables)")
    #expect(choice.reason.contains(choice.descriptorPath))
  }

  @Test func secureBootWithoutSMMSaysWhatIsAgainstEach() throws {
    let files = try Self.debian()
    let error = #expect(throws: FirmwareChoiceError.self) {
      try FirmwareChoice.select(
        from: files, request: .init(secureBoot: true, smm: false, machine: "q35"))
    }
    #expect(
      error?.rejected.map(\.reason) == [
        "it requires-smm", "it has no enrolled-keys", "it has no secure-boot",
      ])
    #expect(error?.description.contains("set features.smm.enabled") == true)
  }

  @Test func nothingInstalled() {
    let error = #expect(throws: FirmwareChoiceError.self) {
      try FirmwareChoice.select(
        from: [], request: .init(secureBoot: true, smm: true, machine: "q35"))
    }
    #expect(error?.rejected == [])
    #expect(error?.description.contains("/usr/share/qemu/firmware") == true)
    #expect(error?.description.contains("ovmf") == true)
  }

  @Test func anotherArchitecture() throws {
    let files = try Self.debian()
    let error = #expect(throws: FirmwareChoiceError.self) {
      try FirmwareChoice.select(
        from: files,
        request: .init(secureBoot: false, smm: false, architecture: "aarch64", machine: "virt"))
    }
    #expect(
      error?.rejected.map(\.reason) == Array(repeating: "it is not for aarch64 virt", count: 3))
  }

  /// /etc hides /usr/share under the same name; an empty file there hides without replacing.
  @Test func etcComesFirst() throws {
    let mine = try fixture("40-edk2-x86_64-secure-enrolled.json")
      .replacing("OVMF_CODE_4M.ms.fd", with: "MINE.fd")
    let path = "/etc/qemu/firmware/40-edk2-x86_64-secure-enrolled.json"
    let request = FirmwareChoice.Request(secureBoot: true, smm: true, machine: "q35")
    for files in [
      try Self.debian() + [FirmwareDescriptorFile(path: path, text: mine)],
      [FirmwareDescriptorFile(path: path, text: mine)] + (try Self.debian()),
    ] {
      let choice = try FirmwareChoice.select(from: files, request: request)
      #expect(choice.descriptorPath == path)
      #expect(choice.code.filename == "/usr/share/OVMF/MINE.fd")
    }
    let hidden = try Self.debian() + [FirmwareDescriptorFile(path: path, text: "")]
    let error = #expect(throws: FirmwareChoiceError.self) {
      try FirmwareChoice.select(from: hidden, request: request)
    }
    #expect(error?.rejected.count == 2)
  }

  /// A name decides before a directory does.
  @Test func namesDecideAcrossDirectories() throws {
    let late = FirmwareDescriptorFile(
      path: "/etc/qemu/firmware/99-mine.json",
      text: try fixture("40-edk2-x86_64-secure-enrolled.json"))
    let broken = FirmwareDescriptorFile(path: "/etc/qemu/firmware/00-broken.json", text: "{")
    let choice = try FirmwareChoice.select(
      from: Self.debian() + [late, broken],
      request: .init(secureBoot: true, smm: true, machine: "q35"))
    #expect(choice.descriptorPath.hasSuffix("/40-edk2-x86_64-secure-enrolled.json"))
    #expect(choice.rejected.map(\.path) == ["/etc/qemu/firmware/00-broken.json"])
  }
}
