/// Names of files as people can read them.
enum FileName {
  /// A name with what cannot be printed as `\x1f`; U+FFFD, which stands for an octet that is not
  /// known, as `\xff`.
  static func shown(_ name: String) -> String {
    name.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0xfffd, 0xff: "\\xff"
      case ..<0x20, 0x7f: escaped(UInt8(truncatingIfNeeded: scalar.value))
      default: String(scalar)
      }
    }.joined()
  }

  /// The same of a name's octets, where each is known.
  static func shown(_ octets: [UInt8]) -> String {
    var text = ""
    var rest = octets[...]
    while let first = rest.first {
      // UTF-8 says in its first octet how many there are.
      let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1
      let part = rest.prefix(length)
      if first >= 0x20, first != 0x7f, let scalar = String(validating: part, as: UTF8.self) {
        text += scalar
        rest = rest.dropFirst(part.count)
      } else {
        text += escaped(first)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  private static func escaped(_ octet: UInt8) -> String {
    "\\x" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
  }
}
