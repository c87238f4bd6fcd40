/// What a file that was loaded is, by its first bytes.
package enum BootImage: Codable, Hashable, Sendable {
  /// A UEFI program, for a machine of the PE format (PE format section 3.3.1), and whether it is a
  /// Linux kernel for x86 as well; `nil` when that was not captured.
  case efi(machine: UInt16, isKernel: Bool?)
  /// A Linux kernel for x86 (the kernel's Documentation/arch/x86/boot.rst) that is no UEFI program.
  case kernel
  /// An ELF file.
  case elf
  /// A script of iPXE, or of gPXE before it.
  case script
  /// A web page.
  case page
  /// Something without the marks of the others: a BIOS program has none of its own.
  case other

  /// How many of a file's first bytes are looked at.
  static let length = 1024

  /// Looks at a file's first bytes; `nil` when they are too few to say.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64 else {
      guard let text = Self.text(bytes) else { return nil }
      self = text
      return
    }
    let kernel = bytes.count >= 0x206 ? bytes[0x202..<0x206].elementsEqual("HdrS".utf8) : nil
    if bytes.starts(with: "MZ".utf8) {
      guard let machine = Self.machine(of: bytes) else { return nil }
      self = .efi(machine: machine, isKernel: kernel)
    } else if bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      self = .elf
    } else if let text = Self.text(bytes) {
      self = text
    } else {
      self = kernel == true ? .kernel : .other
    }
  }

  private static func text(_ bytes: [UInt8]) -> BootImage? {
    if bytes.starts(with: "#!ipxe".utf8) || bytes.starts(with: "#!gpxe".utf8) { return .script }
    let start = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{feff}" }
    if pageStarts.contains(where: start.hasPrefix) { return .page }
    guard start.hasPrefix("<!--") || start.hasPrefix("<?xml") else { return nil }
    return String(decoding: bytes, as: UTF8.self).lowercased().contains("<html") ? .page : nil
  }

  /// What web pages begin with, however carelessly they are written.
  private static let pageStarts = [
    "<!doctype html", "<html", "<head", "<title", "<meta", "<body", "<h1", "<p>", "<div", "<br",
    "<b>", "<center", "<script",
  ]

  /// The machine of a PE file's COFF header; `nil` when that was not captured.
  private static func machine(of bytes: [UInt8]) -> UInt16? {
    let word = { (offset: Int) in UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
    let header = Int(word(0x3c)) | Int(word(0x3e)) << 16
    guard header >= 64, header + 6 <= bytes.count,
      bytes[header..<header + 4].elementsEqual([0x50, 0x45, 0, 0])
    else { return nil }
    return word(header + 4)
  }
}
