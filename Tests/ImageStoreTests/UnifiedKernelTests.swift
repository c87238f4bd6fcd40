import Execution
import ExternalCommand
import Foundation
import Testing

@testable import ImageStore

/// Unified kernel images, made by objcopy of an EFI program that is no stub: GRUB.
@Suite struct UnifiedKernelTests {
  private static let program = "/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi"

  @Test func sectionsHoldTheFilesBehindTheProgram() async throws {
    let folder = try TemporaryFolder()
    let contents = [
      ".cmdline": Array("console=ttyS0 quiet".utf8), ".linux": [UInt8](repeating: 7, count: 9000),
      ".initrd": [UInt8](repeating: 9, count: 4096),
    ]
    try folder.write(contents[".linux"] ?? [], to: "root/kernel")
    try folder.write(contents[".initrd"] ?? [], to: "root/initramfs")
    let runner = SubprocessRunner()
    try await UnifiedKernelBuilder(
      definition: .init(
        path: "efi/uki.efi", package: "stub", from: [], kernel: "kernel", initramfs: "initramfs"),
      stub: Self.program, arguments: "console=ttyS0 quiet", root: "\(folder.path)/root",
      work: folder.path, runner: runner
    ).build()
    let image = "\(folder.path)/root/efi/uki.efi"
    for (section, bytes) in contents {
      let output = "\(folder.path)/section"
      try await runner.run(
        Command(
          "objcopy", ["--dump-section", "\(section)=\(output)", image, "\(folder.path)/copy"]))
      let dumped = [UInt8](try Data(contentsOf: URL(fileURLWithPath: output)))
      // A section of a file is as long as its alignment wants.
      #expect(Array(dumped.prefix(bytes.count)) == bytes, "\(section)")
      #expect(dumped.dropFirst(bytes.count).allSatisfy { $0 == 0 }, "\(section)")
    }
    // Each section begins where the one before has ended.
    var end: UInt64 = 0
    for section in try await sections(of: image, runner) {
      #expect(section.address >= end, "\(section.name)")
      end = section.address + section.size
    }
  }

  /// What objdump says of an image's sections.
  private func sections(
    of image: String, _ runner: some CommandRunner
  ) async throws -> [(name: String, size: UInt64, address: UInt64)] {
    let text = try await runner.run(Command("objdump", ["--section-headers", image]))
    var sections: [(name: String, size: UInt64, address: UInt64)] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 4, Int(words[0]) != nil else { continue }
      let size = try #require(UInt64(words[2], radix: 16))
      let address = try #require(UInt64(words[3], radix: 16))
      sections.append((String(words[1]), size, address))
    }
    return sections
  }

  @Test func whatIsNoProgramIsTold() throws {
    let program = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.program)).prefix(1024))
    #expect(UnifiedKernelBuilder.end(of: program) != nil)
    for length in [0, 1, 64, 150] {
      #expect(UnifiedKernelBuilder.end(of: Array(program.prefix(length))) == nil, "\(length)")
    }
    // PE32, a header at the end of the address space, and a base there.
    let header = Int(program[0x3c])
    for (offset, value) in [(header + 24 + 1, UInt8(1)), (0x3f, 0xff), (header + 48 + 7, 0xff)] {
      var other = program
      other[offset] = value
      #expect(UnifiedKernelBuilder.end(of: other) == nil, "\(offset)")
    }
  }
}
