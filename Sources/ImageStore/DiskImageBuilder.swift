import Execution
import ExternalCommand
import FileSystem

/// Makes a bootable disk image without root: a GPT (UEFI 2.10, section 5.3) with one partition, the
/// EFI system partition, which mtools fills.
struct DiskImageBuilder {
  let disk: ImageDefinition.Disk
  /// The TFTP root, which has the files and gets the image.
  let root: String
  let runner: any CommandRunner

  /// The first sector of the partition: 1 MiB, as installers have it. As much is left at the end,
  /// where the other copy of the table is.
  private static let start = 2048
  private static let sectorsPerMebibyte = 2048

  func build() async throws {
    let image = "\(root)/\(disk.path)"
    let size = disk.mebibytes * Self.sectorsPerMebibyte - 2 * Self.start
    guard size > 0 else {
      throw ImageError.failed(
        command: "sfdisk", output: "a disk of \(disk.mebibytes) MiB has no room for a partition")
    }
    try Files.makeParent(of: image, mode: 0o755)
    try await run(Command("truncate", ["--size=\(disk.mebibytes)M", image]))
    let table = "label: gpt\nstart=\(Self.start), size=\(size), type=uefi, name=ESP\n"
    try await run(Command("sfdisk", ["--quiet", image], input: table))
    let partition = ["-i", "\(image)@@1M"]
    try await run(Command("mformat", partition + ["-v", "PXELAB", "-T", "\(size)", "::"]))
    let folders = Set(disk.files.keys.flatMap(Self.folders)).sorted()
    if !folders.isEmpty { try await run(Command("mmd", partition + folders.map { "::/\($0)" })) }
    for (path, source) in disk.files.sorted(by: { $0.key < $1.key }) {
      try await run(Command("mcopy", partition + ["\(root)/\(source)", "::/\(path)"]))
    }
    try Files.setMode(0o644, of: image)
  }

  private func run(_ command: Command) async throws {
    _ = try await runner.runUnpacker(command)
  }

  /// The folders above a file, the outermost first.
  private static func folders(of path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { parts[...$0].joined(separator: "/") }
  }
}
