import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials

/// Makes a unified kernel image: kernel, initramfs and command line in one EFI program, which
/// systemd-stub(7) starts (UAPI.5). objcopy adds them to the stub as sections.
struct UnifiedKernelBuilder {
  let definition: ImageDefinition.UnifiedKernel
  /// The stub.
  let stub: String
  /// The kernel's command line.
  let arguments: String
  /// The TFTP root, which has kernel and initramfs and gets the image.
  let root: String
  /// A folder for what is in between.
  let work: String
  let runner: any CommandRunner

  /// Between sections, so that each begins a page.
  private static let page: UInt64 = 4096

  func build() async throws {
    let commandLine = "\(work)/cmdline"
    try Files.write(Data(arguments.utf8), to: commandLine)
    let sections = [
      (".cmdline", commandLine), (".linux", "\(root)/\(definition.kernel)"),
      (".initrd", "\(root)/\(definition.initramfs)"),
    ]
    guard var address = Self.end(of: [UInt8](try Files.read(stub))) else {
      throw ImageError.failed(command: "objcopy", output: "\(stub) is no EFI program for x86-64")
    }
    var options: [String] = []
    for (name, file) in sections {
      options += [
        "--add-section", "\(name)=\(file)", "--set-section-flags", "\(name)=data,readonly",
        "--change-section-vma", "\(name)=0x\(String(address, radix: 16))",
      ]
      address = Self.aligned(address + UInt64(try Files.read(file).count))
    }
    let image = "\(root)/\(definition.path)"
    try Files.makeParent(of: image, mode: 0o755)
    _ = try await runner.runUnpacker(Command("objcopy", options + [stub, image]))
    try Files.setMode(0o644, of: image)
    try Files.remove(commandLine)
  }

  private static func aligned(_ address: UInt64) -> UInt64 {
    (address + page - 1) / page * page
  }

  /// Where the program ends in memory, by `ImageBase` and `SizeOfImage` of its PE32+ header (PE
  /// format, "Optional Header Windows-Specific Fields"), as objcopy counts addresses.
  static func end(of program: [UInt8]) -> UInt64? {
    func number(_ offset: Int, _ octets: Int) -> UInt64? {
      guard offset >= 0, offset <= program.count - octets else { return nil }
      return program[offset..<offset + octets].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard program.starts(with: "MZ".utf8), let header = number(0x3c, 4),
      let signature = number(Int(header), 4), signature == 0x4550,
      let magic = number(Int(header) + 24, 2), magic == 0x20b,
      // x86-64 has addresses of 48 bits.
      let base = number(Int(header) + 48, 8), base < 1 << 48,
      let size = number(Int(header) + 80, 4)
    else { return nil }
    return aligned(base + size)
  }
}
