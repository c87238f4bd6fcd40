/// The variables that name boot entries by number (UEFI 2.10 section 3.3).
package enum BootVariable {
  /// The namespace of `Boot####`, `BootOrder`, `BootCurrent` and `BootNext`
  /// (EFI_GLOBAL_VARIABLE).
  package static let vendor: String = "8be4df61-93ca-11d2-aa0d-00e098032b8c"

  /// The name of an entry's variable: `Boot000A`.
  package static func name(of entry: UInt16) -> String { "Boot" + digits(of: entry) }

  /// An entry's number as the variables write it: `000A`.
  static func digits(of entry: UInt16) -> String {
    let digits = String(entry, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// The entry that a person means: `Boot000A` or one to four hexadecimal digits.
  package static func entry(text: some StringProtocol) -> UInt16? {
    let digits = text.lowercased().hasPrefix("boot") ? text.dropFirst(4) : text[...]
    guard (1...4).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
    return UInt16(digits, radix: 16)
  }

  /// The entry that a variable of this name holds; `nil` for another variable. Firmware writes
  /// upper-case digits; others are not the same variable.
  package static func entry(named name: String) -> UInt16? {
    guard name.hasPrefix("Boot"), name.count == 8,
      let entry = UInt16(name.dropFirst(4), radix: 16), Self.name(of: entry) == name
    else { return nil }
    return entry
  }

  /// Decodes `BootOrder`, or `BootCurrent` and `BootNext`, which hold one number.
  ///
  /// - Throws: `EFIDecodingError` for an odd count of bytes.
  package static func entries(bytes: [UInt8]) throws(EFIDecodingError) -> [UInt16] {
    var reader = ByteReader(bytes[...], of: "boot order")
    var entries: [UInt16] = []
    while reader.remaining > 0 { entries.append(try reader.number(UInt16.self)) }
    return entries
  }

  /// The contents of `BootOrder`, or with one number of `BootNext`.
  package static func bytes(entries: [UInt16]) -> [UInt8] {
    entries.flatMap(\.littleEndianBytes)
  }
}
