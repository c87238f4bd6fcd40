/// Whether a variable store is as large as a firmware's code image needs it.
///
/// On x86 the store lies right below the code, and both together fill 1, 2 or 4 MiB of flash: a code
/// image of 3.5 MiB takes a store of 528 KiB, one of 1.9 MiB a store of 128 KiB (edk2
/// OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc). On ARM, RISC-V and LoongArch each has a flash of its
/// own, of one size (QEMU hw/arm/virt.c).
package enum FirmwareFit {
  /// A file beside a store.
  package struct File: Hashable, Sendable {
    /// The file's name, without its folder.
    package var name: String
    /// How many bytes of flash it fills.
    package var size: Int

    /// A file.
    package init(name: String, size: Int) {
      self.name = name
      self.size = size
    }
  }

  /// A store of another size than the code beside it takes.
  package struct Mismatch: Hashable, Sendable, CustomStringConvertible {
    /// How many bytes the store has.
    package var size: Int
    /// The code.
    package var code: File
    /// How many bytes a store for it has.
    package var expected: Int

    /// One sentence for a person.
    package var description: String {
      "\(FirmwareFit.text(size)) do not fit \(code.name) beside it (\(FirmwareFit.text(code.size))), "
        + "which takes a store of \(FirmwareFit.text(expected)): it is of another build, and the "
        + "firmware would not find its variables"
    }
  }

  private static let mebibyte = 1 << 20
  /// From this size on an image fills a flash of its own.
  private static let ownFlash = 16 * mebibyte

  /// How large the store of a code image is, in bytes; `nil` for an image that is no code alone.
  package static func storeSize(forCode size: Int) -> Int? {
    guard size >= mebibyte / 2, size <= 4 * ownFlash else { return nil }
    var flash = mebibyte
    while flash < size { flash *= 2 }
    if flash == size { return size >= ownFlash ? size : nil }
    // Beside the code nothing but a store, which is the smaller part.
    return flash < ownFlash && flash - size < flash / 4 ? flash - size : nil
  }

  /// What does not fit; `nil` where something does, or nothing is known.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - neighbours: the files in its folder. What is called `code` counts (``isCode(_:)``): of these
  ///     the ones that are named as the store is, with `CODE` for `VARS`, if there are any.
  package static func mismatch(of store: File, beside neighbours: [File]) -> Mismatch? {
    let codes = neighbours.filter { isCode($0.name) }
    let wanted = build(of: store.name)
    let namesakes = codes.filter { build(of: $0.name) == wanted }
    let judged = (namesakes.isEmpty ? codes : namesakes).compactMap { code in
      storeSize(forCode: code.size).map { (code: code, expected: $0) }
    }.sorted { $0.code.name < $1.code.name }
    guard let first = judged.first, !judged.contains(where: { $0.expected == store.size }) else {
      return nil
    }
    return Mismatch(size: store.size, code: first.code, expected: first.expected)
  }

  /// Whether a file's name is one of raw code images: `OVMF_CODE_4M.fd`, `ovmf-x86_64-code.bin`.
  package static func isCode(_ name: String) -> Bool {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.contains("code") && ["fd", "bin", "raw"].contains(words.last ?? "")
  }

  /// What a file's name says of the build: `ovmf_*_4m` of `OVMF_VARS_4M.ms.fd`.
  private static func build(of name: String) -> String {
    let parts = name.lowercased().split(separator: ".")
    // Arch has the size behind the first point, and keys behind the second.
    let stem = parts.dropLast().filter { !["ms", "snakeoil", "secboot", "cc"].contains($0) }
    return stem.joined(separator: ".").replacing("vars", with: "*").replacing("code", with: "*")
  }

  /// `528 KiB`.
  private static func text(_ size: Int) -> String {
    size >= mebibyte && size.isMultiple(of: mebibyte)
      ? "\(size / mebibyte) MiB"
      : size.isMultiple(of: 1024) ? "\(size / 1024) KiB" : "\(size) bytes"
  }
}
