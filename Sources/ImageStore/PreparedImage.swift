import FileSystem

/// An image as files that a TFTP server can serve.
package struct PreparedImage: Sendable, Hashable, Codable {
  /// A file below the TFTP root.
  package struct File: Sendable, Hashable, Codable {
    /// Path relative to the root.
    package var path: String
    /// Size in bytes: what a complete transfer of it has.
    package var size: Int
    /// SHA-256, lower-case hexadecimal.
    package var sha256: String
  }

  /// The image's name.
  package let name: String
  /// The folder to serve as it is; shared by all labs, so nothing may be changed in it.
  package let tftpRoot: String
  /// The files in it, sorted by path.
  package let files: [File]
  /// The packages they come from.
  package let packages: [Package]
  /// The kernel's arguments that the image itself wants.
  package let arguments: [String]
  let bootFiles: [String: String]
  /// The path of the disk image below the root.
  let disk: String?
  /// The text of each template, by its path below the root.
  let templates: [String: String]
  /// What it was made from: see ``ImageDefinition/inputs``.
  let inputs: [String: String]

  /// The file to offer to each client architecture (DHCP option 93, RFC 4578).
  package var bootFileByArchitecture: [UInt16: String] { numbered(bootFiles) }

  /// The path of the bootable disk image; `nil` when the image has none.
  package var diskImage: String? { disk.map { "\(tftpRoot)/\($0)" } }

  /// The file at a path, as a TFTP client may write it: with or without a leading slash.
  package func file(_ path: String) -> File? {
    let relative = String(path.drop { $0 == "/" })
    return files.first { $0.path == relative }
  }

  /// Makes a TFTP root of one lab's own in a new folder: links to the image's files, and its
  /// configuration with more kernel arguments (such as `pxelab.stay`).
  ///
  /// - Returns: the files that differ from the image's by path, with their sizes.
  /// - Throws: ``ImageError/unusableArgument(_:)``, `FileError`.
  @discardableResult
  package func makeRoot(at folder: String, arguments more: [String]) throws -> [String: Int] {
    try more.forEach(Self.checkArgument)
    try Files.makeFolder(folder, mode: 0o755)
    for file in files where templates[file.path] == nil {
      try Files.makeParent(of: "\(folder)/\(file.path)", mode: 0o755)
      try Files.link("\(folder)/\(file.path)", to: "\(tftpRoot)/\(file.path)")
    }
    return try templates.reduce(into: [:]) { sizes, template in
      let text = Self.render(template.value, arguments: arguments + more)
      try Files.makeParent(of: "\(folder)/\(template.key)", mode: 0o755)
      try Files.write(text, to: "\(folder)/\(template.key)", mode: 0o644)
      sizes[template.key] = text.utf8.count
    }
  }

  static func render(_ template: String, arguments: [String]) -> String {
    template.split(separator: "@ARGUMENTS@", omittingEmptySubsequences: false)
      .joined(separator: arguments.joined(separator: " "))
  }

  /// Throws for an argument that GRUB would split, expand or end its command at.
  static func checkArgument(_ argument: String) throws {
    let allowed = argument.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default:
        "-_.,:=/@%+".utf8.contains(byte)
      }
    }
    guard allowed, !argument.isEmpty else { throw ImageError.unusableArgument(argument) }
  }
}

/// What stands in the place of a client architecture for a client that is iPXE already.
let iPXEKey = "ipxe"

/// Boot files by client architecture, whose keys are text in YAML and JSON.
func numbered(_ bootFiles: [String: String]) -> [UInt16: String] {
  Dictionary(
    bootFiles.compactMap { key, file in UInt16(key).map { ($0, file) } },
    uniquingKeysWith: { first, _ in first })
}
