/// Makes a program of a regular expression (RE2's syntax, without classes of Unicode).
struct PatternParser {
  private typealias Program = [LinearPattern.Instruction]

  private var rest: Substring.UnicodeScalarView
  private var ignoresCase = false
  private var depth = 0

  /// Instructions that a program has at most, and levels of its groups.
  private static let limits = (instructions: 20_000, depth: 100, repetitions: 1000)

  init(_ text: String) { rest = text[...].unicodeScalars }

  /// The program; `nil` for a malformed expression.
  mutating func program() -> [LinearPattern.Instruction]? {
    guard let program = alternatives(), rest.isEmpty else { return nil }
    return program + [.match]
  }

  private mutating func alternatives() -> Program? {
    guard var program = sequence() else { return nil }
    while rest.first == "|" {
      rest.removeFirst()
      guard let other = sequence() else { return nil }
      program =
        [.split(1, program.count + 2)] + Self.moved(program, by: 1)
        + [.jump(program.count + 2 + other.count)] + Self.moved(other, by: program.count + 2)
      guard program.count <= Self.limits.instructions else { return nil }
    }
    return program
  }

  private mutating func sequence() -> Program? {
    var program: Program = []
    while let next = rest.first, next != "|", next != ")" {
      guard let part = repeated() else { return nil }
      program += Self.moved(part, by: program.count)
      guard program.count <= Self.limits.instructions else { return nil }
    }
    return program
  }

  private mutating func repeated() -> Program? {
    guard var part = single() else { return nil }
    while let (least, most) = repetition() {
      guard least <= most ?? Self.limits.repetitions,
        max(least, most ?? 0) <= Self.limits.repetitions,
        let all = Self.times(part, least, most)
      else { return nil }
      part = all
    }
    return part
  }

  /// How often what stands before may be there; `nil` where nothing is said.
  private mutating func repetition() -> (Int, Int?)? {
    let counts: (Int, Int?)
    switch rest.first {
    case "*": counts = (0, nil)
    case "+": counts = (1, nil)
    case "?": counts = (0, 1)
    case "{":
      guard let end = rest.firstIndex(of: "}") else { return nil }
      let inside = String(rest[rest.index(after: rest.startIndex)..<end])
      let sides = inside.split(separator: ",", omittingEmptySubsequences: false)
      guard sides.count <= 2, let least = Int(sides[0]), least >= 0 else { return nil }
      if sides.count == 1 {
        counts = (least, least)
      } else if sides[1].isEmpty {
        counts = (least, nil)
      } else {
        guard let most = Int(sides[1]) else { return nil }
        counts = (least, most)
      }
      rest = rest[end...]
    default: return nil
    }
    rest.removeFirst()
    // Whether few or many are preferred makes no difference here.
    if rest.first == "?" { rest.removeFirst() }
    return counts
  }

  private static func times(_ part: Program, _ least: Int, _ most: Int?) -> Program? {
    guard part.count * max(least, most ?? 1, 1) <= limits.instructions else { return nil }
    var program: Program = []
    for _ in 0..<least { program += moved(part, by: program.count) }
    if let most {
      for _ in least..<max(least, most) {
        program +=
          [.split(program.count + 1, program.count + 1 + part.count)]
          + moved(part, by: program.count + 1)
      }
    } else {
      let start = program.count
      program +=
        [.split(start + 1, start + 2 + part.count)] + moved(part, by: start + 1) + [.jump(start)]
    }
    return program
  }

  private static func moved(_ program: Program, by offset: Int) -> Program {
    program.map { instruction in
      switch instruction {
      case .split(let first, let second): .split(first + offset, second + offset)
      case .jump(let target): .jump(target + offset)
      default: instruction
      }
    }
  }

  private mutating func single() -> Program? {
    guard let scalar = rest.popFirst() else { return nil }
    switch scalar {
    case "(": return group()
    case "[": return characterClass().map { [.character(ignoresCase ? $0.withoutCase : $0)] }
    case ".": return [.character(.notNewline)]
    case "^": return [.condition(.start)]
    case "$": return [.condition(.end)]
    case "*", "+", "?": return nil
    case "\\":
      switch rest.first {
      case "A"?: return condition(.start)
      case "z"?: return condition(.end)
      case "b"?: return condition(.wordBoundary)
      case "B"?: return condition(.noWordBoundary)
      default: return escape().map { [.character(ignoresCase ? $0.withoutCase : $0)] }
      }
    default:
      let sort = CharacterSort(ranges: [scalar.value...scalar.value])
      return [.character(ignoresCase ? sort.withoutCase : sort)]
    }
  }

  private mutating func condition(_ condition: LinearPattern.Condition) -> Program {
    rest.removeFirst()
    return [.condition(condition)]
  }

  private mutating func group() -> Program? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.limits.depth else { return nil }
    let outer = ignoresCase
    if rest.first == "?" {
      rest.removeFirst()
      if rest.first == "P" || rest.first == "<" {
        guard let end = rest.firstIndex(of: ">") else { return nil }
        rest = rest[rest.index(after: end)...]
      } else {
        var isOn = true
        while let flag = rest.popFirst(), flag != ":" {
          switch flag {
          case "i": ignoresCase = isOn
          case "-": isOn = false
          case "s", "m", "U": break
          // Of the rest of the group around it.
          case ")": return []
          default: return nil
          }
        }
      }
    }
    guard let program = alternatives(), rest.popFirst() == ")" else { return nil }
    ignoresCase = outer
    return program
  }

  private mutating func escape() -> CharacterSort? {
    guard let scalar = rest.popFirst() else { return nil }
    switch scalar {
    case "d": return .digit
    case "D": return CharacterSort.digit.complement
    case "w": return .word
    case "W": return CharacterSort.word.complement
    case "s": return .space
    case "S": return CharacterSort.space.complement
    default: return Self.character(scalar, &rest).map { CharacterSort(ranges: [$0...$0]) }
    }
  }

  /// The character that an escape stands for.
  private static func character(
    _ scalar: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
  ) -> UInt32? {
    switch scalar {
    case "n": return 0x0a
    case "t": return 0x09
    case "r": return 0x0d
    case "f": return 0x0c
    case "v": return 0x0b
    case "a": return 0x07
    case "x":
      var digits = ""
      if rest.first == "{" {
        guard let end = rest.firstIndex(of: "}") else { return nil }
        digits = String(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
      } else {
        digits = String(rest.prefix(2))
        rest = rest.dropFirst(2)
      }
      return UInt32(digits, radix: 16)
    default:
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
        return nil
      }
      return scalar.value
    }
  }

  private mutating func characterClass() -> CharacterSort? {
    var sort = CharacterSort(ranges: [])
    let isNegated = rest.first == "^"
    if isNegated { rest.removeFirst() }
    var isFirst = true
    while let scalar = rest.popFirst() {
      if scalar == "]", !isFirst {
        sort.isNegated = isNegated
        return sort
      }
      isFirst = false
      if scalar == "[", rest.first == ":" {
        guard let named = namedClass() else { return nil }
        sort.ranges += named
        continue
      }
      let low: UInt32
      if scalar == "\\" {
        guard let next = rest.first else { return nil }
        if "dwsDWS".unicodeScalars.contains(next) {
          guard let escaped = escape(), !escaped.isNegated else { return nil }
          sort.ranges += escaped.ranges
          continue
        }
        rest.removeFirst()
        guard let value = Self.character(next, &rest) else { return nil }
        low = value
      } else {
        low = scalar.value
      }
      guard let high = upperEnd() else {
        sort.ranges.append(low...low)
        continue
      }
      guard low <= high else { return nil }
      sort.ranges.append(low...high)
    }
    return nil
  }

  /// The end of a range in a class; `nil` where none stands.
  private mutating func upperEnd() -> UInt32? {
    guard rest.first == "-" else { return nil }
    let saved = rest
    rest.removeFirst()
    guard let scalar = rest.first, scalar != "]" else {
      rest = saved
      return nil
    }
    rest.removeFirst()
    guard scalar == "\\" else { return scalar.value }
    guard let next = rest.popFirst(), let value = Self.character(next, &rest) else {
      rest = saved
      return nil
    }
    return value
  }

  private mutating func namedClass() -> [ClosedRange<UInt32>]? {
    rest.removeFirst()
    let name = String(rest.prefix { $0 != ":" })
    rest = rest.dropFirst(name.unicodeScalars.count)
    guard rest.popFirst() == ":", rest.popFirst() == "]" else { return nil }
    return Self.namedClasses[name]
  }

  private static let namedClasses: [String: [ClosedRange<UInt32>]] = [
    "alnum": [0x30...0x39, 0x41...0x5a, 0x61...0x7a], "alpha": [0x41...0x5a, 0x61...0x7a],
    "digit": [0x30...0x39], "lower": [0x61...0x7a], "upper": [0x41...0x5a],
    "space": [0x09...0x0d, 0x20...0x20], "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    "word": CharacterSort.word.ranges,
    "punct": [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e],
  ]
}
