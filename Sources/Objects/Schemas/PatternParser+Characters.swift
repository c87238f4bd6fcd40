extension PatternParser {
  /// The characters that stand between `[` and `]`.
  mutating func characterClass() throws(Malformed) -> CharacterSort {
    var ranges: [ClosedRange<UInt32>] = []
    let isNegated = take("^")
    var isFirst = true
    while isFirst || rest.first != "]" {
      isFirst = false
      if let named = try namedSort() {
        ranges += named.ranges
      } else if rest.first == "\\", let sort = try escapedSort(afterBackslash: false) {
        ranges += sort.ranges
      } else {
        let low = try classCharacter()
        var high = low
        if rest.first == "-", let next = rest.dropFirst().first, next != "]" {
          rest.removeFirst()
          high = try classCharacter()
        }
        guard low <= high else { throw Malformed() }
        ranges += try folded(CharacterSort([low...high])).ranges
      }
      // Those of categories are many.
      guard ranges.count <= 50_000 else { throw Malformed() }
    }
    rest.removeFirst()
    let sort = CharacterSort(ranges)
    return isNegated ? sort.complement : sort
  }

  private mutating func classCharacter() throws(Malformed) -> UInt32 {
    guard let scalar = rest.popFirst() else { throw Malformed() }
    return scalar == "\\" ? try escapedCharacter() : scalar.value
  }

  /// `[:alpha:]`, `[:^alpha:]`; `nil` where none stands.
  private mutating func namedSort() throws(Malformed) -> CharacterSort? {
    guard rest.starts(with: "[:".unicodeScalars) else { return nil }
    let inside = rest.dropFirst(2).prefix(40)
    var end = inside.startIndex
    while end < inside.endIndex, !inside[end...].starts(with: ":]".unicodeScalars) {
      end = inside.index(after: end)
    }
    guard end < inside.endIndex else { return nil }
    var name = inside[..<end]
    let isNegated = name.first == "^"
    if isNegated { name.removeFirst() }
    guard let sort = CharacterSort.named[String(name)] else { throw Malformed() }
    rest = rest[end...].dropFirst(2)
    let folded = try folded(sort)
    return isNegated ? folded.complement : folded
  }

  /// `\d`, `\pL`, `\P{Lu}`; `nil` where another escape stands.
  ///
  /// - Parameter afterBackslash: whether the backslash is taken already.
  mutating func escapedSort(afterBackslash: Bool = true) throws(Malformed) -> CharacterSort? {
    let saved = rest
    if !afterBackslash { rest.removeFirst() }
    guard let letter = rest.popFirst() else { throw Malformed() }
    switch letter {
    case "d": return try folded(.digit)
    case "D": return try folded(.digit).complement
    case "w": return try folded(.word)
    case "W": return try folded(.word).complement
    case "s": return try folded(.space)
    case "S": return try folded(.space).complement
    case "p", "P": return try category(isNegated: letter == "P")
    default:
      rest = saved
      return nil
    }
  }

  private mutating func category(isNegated: Bool) throws(Malformed) -> CharacterSort {
    guard let first = rest.popFirst() else { throw Malformed() }
    var isNegated = isNegated
    var name = String(first)
    if first == "{" {
      guard let end = rest.firstIndex(of: "}") else { throw Malformed() }
      name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      if name.hasPrefix("^") {
        isNegated.toggle()
        name.removeFirst()
      }
    }
    guard let sort = CharacterSort.categories[name] else { throw Malformed() }
    let folded = name == "Any" ? sort : try folded(sort)
    return isNegated ? folded.complement : folded
  }

  /// The character that an escape stands for; its backslash is taken already.
  mutating func escapedCharacter() throws(Malformed) -> UInt32 {
    guard let scalar = rest.popFirst() else { throw Malformed() }
    switch scalar {
    case "n": return 0x0a
    case "t": return 0x09
    case "r": return 0x0d
    case "f": return 0x0c
    case "v": return 0x0b
    case "a": return 0x07
    case "x": return try hexadecimal()
    case "0"..."7":
      // A lone digit would be a reference to a group.
      var value = scalar.value - 0x30
      var count = 1
      while count < 3, let next = rest.first, ("0"..."7").contains(next) {
        value = value * 8 + next.value - 0x30
        rest.removeFirst()
        count += 1
      }
      guard count > 1 || scalar == "0" else { throw Malformed() }
      return value
    default:
      guard scalar.isASCII, scalar == "_" || !CharacterSort.word.contains(scalar.value) else {
        throw Malformed()
      }
      return scalar.value
    }
  }

  private mutating func hexadecimal() throws(Malformed) -> UInt32 {
    var digits = rest.prefix(2)
    if rest.first == "{" {
      guard let end = rest.firstIndex(of: "}") else { throw Malformed() }
      digits = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
    } else {
      guard digits.count == 2 else { throw Malformed() }
      rest = rest.dropFirst(2)
    }
    guard digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
      let value = UInt32(String(digits), radix: 16), value <= 0x10ffff
    else { throw Malformed() }
    return value
  }
}
