/// The form of a generated parameter's value (openshift/library-go, pkg/template/generator,
/// expressionvalue.go): text in which `[a-z0-9]{16}` stands for 16 of these characters, `\\w`, `\\d`,
/// `\\a` and `\\A` among them for letters, digits and the underscore, digits, letters and digits, and
/// punctuation.
struct ParameterExpression {
  private enum Part {
    case text(Substring)
    case characters([UInt8], count: Int)
  }

  private var parts: [Part] = []

  /// The longest part that OpenShift generates.
  private static let limit = 255

  init(_ expression: String) {
    var rest = Substring(expression)
    while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
      let after = rest[close...].dropFirst()
      guard after.first == "{", let end = after.firstIndex(of: "}"),
        let count = Int(after[..<end].dropFirst()), (1...Self.limit).contains(count)
      else {
        parts.append(.text(rest[...close]))
        rest = after
        continue
      }
      parts.append(.text(rest[..<open]))
      parts.append(.characters(Self.characters(rest[open..<close].dropFirst()), count: count))
      rest = after[end...].dropFirst()
    }
    parts.append(.text(rest))
  }

  /// A value, always the same one for a seed.
  func value(seed: String) -> String {
    // FNV-1a for the seed, a linear congruential generator (Knuth's MMIX) from there on.
    var state = seed.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    var value = ""
    for part in parts {
      switch part {
      case .text(let text): value += text
      case .characters(let characters, let count):
        guard !characters.isEmpty else { continue }
        for _ in 0..<count {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let index = Int((state >> 33) % UInt64(characters.count))
          value.unicodeScalars.append(Unicode.Scalar(characters[index]))
        }
      }
    }
    return value
  }

  private static func characters(_ ranges: Substring) -> [UInt8] {
    var characters: [UInt8] = []
    var bytes = Array(ranges.utf8)[...]
    func range(_ text: StaticString, _ last: StaticString) -> ClosedRange<UInt8> {
      text.utf8Start.pointee...last.utf8Start.pointee
    }
    while let first = bytes.popFirst() {
      if first == UInt8(ascii: "\\"), let kind = bytes.popFirst() {
        if kind == UInt8(ascii: "A") {
          characters += [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e].joined()
          continue
        }
        characters += range("0", "9")
        if kind != UInt8(ascii: "d") { characters += Array(range("a", "z")) + range("A", "Z") }
        if kind == UInt8(ascii: "w") { characters.append(UInt8(ascii: "_")) }
      } else if bytes.first == UInt8(ascii: "-"), let last = bytes.dropFirst().first, first <= last
      {
        characters += first...last
        bytes = bytes.dropFirst(2)
      } else {
        characters.append(first)
      }
    }
    return characters
  }
}
