/// Makes a program of a regular expression (RE2's syntax as Go's regexp/syntax reads it, without scripts).
struct PatternParser {
  typealias Program = [LinearPattern.Instruction]

  /// What is said of an expression that is refused: nothing more than that.
  struct Malformed: Error {}

  /// What is set by `(?ims)`.
  private struct Flags {
    var ignoresCase = false
    var isOfLines = false
    var dotTakesNewlines = false
  }

  var rest: Substring.UnicodeScalarView
  private var flags = Flags()
  private var isQuoted = false
  private var depth = 0
  private var names: Set<String> = []

  /// Characters of an expression, instructions of a program, levels of groups and repetitions at most.
  static let limits = (text: 16_384, instructions: 2000, depth: 100, repetitions: 1000)

  init(_ text: String) { rest = text[...].unicodeScalars }

  /// The program.
  mutating func program() throws(Malformed) -> Program {
    let program = try alternatives()
    guard rest.isEmpty else { throw Malformed() }
    return program + [.match]
  }

  private mutating func alternatives() throws(Malformed) -> Program {
    var all = [try sequence()]
    while rest.first == "|" {
      rest.removeFirst()
      all.append(try sequence())
    }
    // Of all but the last: a split before it and a jump behind.
    let end = all.map(\.count).reduce(0, +) + 2 * (all.count - 1)
    guard end <= Self.limits.instructions else { throw Malformed() }
    var program: Program = []
    for part in all.dropLast() {
      let start = program.count
      program.append(.split(start + 1, start + 2 + part.count))
      program += Self.moved(part, by: start + 1)
      program.append(.jump(end))
    }
    return program + Self.moved(all[all.count - 1], by: program.count)
  }

  private mutating func sequence() throws(Malformed) -> Program {
    var program: Program = []
    while let next = rest.first, isQuoted || (next != "|" && next != ")") {
      guard let part = try single() else { continue }
      program += Self.moved(try repeated(part), by: program.count)
      guard program.count <= Self.limits.instructions else { throw Malformed() }
    }
    return program
  }

  private mutating func repeated(_ part: Program) throws(Malformed) -> Program {
    guard !isQuoted, let (least, most) = try repetition() else { return part }
    let program = try Self.times(part, least, most)
    // `a**` is no expression.
    guard try repetition() == nil else { throw Malformed() }
    return program
  }

  /// How often what stands before may be there; `nil` where nothing is said.
  private mutating func repetition() throws(Malformed) -> (Int, Int?)? {
    let counts: (Int, Int?)
    switch rest.first {
    case "*": counts = (0, nil)
    case "+": counts = (1, nil)
    case "?": counts = (0, 1)
    case "{":
      guard let (inside, end) = Self.counts(rest) else { return nil }
      guard inside.0 <= inside.1 ?? inside.0,
        max(inside.0, inside.1 ?? 0) <= Self.limits.repetitions
      else { throw Malformed() }
      counts = inside
      rest = rest[end...]
    default: return nil
    }
    rest.removeFirst()
    // Whether few or many are preferred makes no difference here.
    if rest.first == "?" { rest.removeFirst() }
    return counts
  }

  /// `{2,3}`, and where its `}` stands; `nil` for a `{` that is a character as others are.
  private static func counts(
    _ rest: Substring.UnicodeScalarView
  ) -> ((Int, Int?), Substring.UnicodeScalarView.Index)? {
    // None is longer: what is further on is not looked for at each brace.
    guard let end = rest.prefix(40).firstIndex(of: "}") else { return nil }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    let sides = inside.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    func number(_ text: String) -> Int? {
      guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        text.utf8.count == 1 || !text.hasPrefix("0")
      else { return nil }
      return Int(text) ?? .max
    }
    guard sides.count <= 2, let least = number(sides[0]) else { return nil }
    guard sides.count == 2 else { return ((least, least), end) }
    guard !sides[1].isEmpty else { return ((least, nil), end) }
    guard let most = number(sides[1]) else { return nil }
    return ((least, most), end)
  }

  private static func times(
    _ part: Program, _ least: Int, _ most: Int?
  ) throws(Malformed) -> Program {
    let more = most.map { ($0 - least) * (part.count + 1) } ?? part.count + 2
    guard least * part.count + more <= limits.instructions else { throw Malformed() }
    var program: Program = []
    for _ in 0..<least { program += moved(part, by: program.count) }
    if let most {
      for _ in least..<most {
        let start = program.count
        program.append(.split(start + 1, start + 1 + part.count))
        program += moved(part, by: start + 1)
      }
    } else if least > 0 {
      program.append(.split(program.count - part.count, program.count + 1))
    } else {
      program = [.split(1, 2 + part.count)] + moved(part, by: 1) + [.jump(0)]
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

  /// What may be repeated; `nil` for what only changes how the rest is read.
  private mutating func single() throws(Malformed) -> Program? {
    if isQuoted {
      guard !take("\\E") else {
        isQuoted = false
        return try nothing()
      }
      guard let scalar = rest.popFirst() else { return nil }
      // What stands behind repeats the last character.
      if take("\\E") { isQuoted = false }
      return try character(scalar.value)
    }
    if take("\\Q") {
      isQuoted = true
      return nil
    }
    guard let scalar = rest.popFirst() else { return nil }
    switch scalar {
    case "(": return try group()
    case "[": return [.character(try characterClass())]
    case ".":
      return [.character(flags.dotTakesNewlines ? .all : CharacterSort.newline.complement)]
    case "^": return [.condition(flags.isOfLines ? .lineStart : .start)]
    case "$": return [.condition(flags.isOfLines ? .lineEnd : .end)]
    case "*", "+", "?": throw Malformed()
    case "{":
      // Nothing is there to be repeated, unless it is a character as others are.
      guard Self.counts(("{" + String(rest))[...].unicodeScalars) == nil else { throw Malformed() }
      return try character(scalar.value)
    case "\\":
      switch rest.first {
      case "A"?: return condition(.start)
      case "z"?: return condition(.end)
      case "b"?: return condition(.wordBoundary)
      case "B"?: return condition(.noWordBoundary)
      default: break
      }
      if let sort = try escapedSort() { return [.character(sort)] }
      return try character(try escapedCharacter())
    default: return try character(scalar.value)
    }
  }

  /// What changes how the rest is read has nothing that could be repeated.
  private mutating func nothing() throws(Malformed) -> Program? {
    guard try repetition() == nil else { throw Malformed() }
    return nil
  }

  private func character(_ value: UInt32) throws(Malformed) -> Program {
    [.character(try folded(CharacterSort([value...value])))]
  }

  /// The characters in either case, where that makes no difference.
  func folded(_ sort: CharacterSort) throws(Malformed) -> CharacterSort {
    guard flags.ignoresCase else { return sort }
    guard let folded = sort.withoutCase else { throw Malformed() }
    return folded
  }

  private mutating func condition(_ condition: LinearPattern.Condition) -> Program {
    rest.removeFirst()
    return [.condition(condition)]
  }

  /// Takes these characters where they stand next.
  mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func group() throws(Malformed) -> Program? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.limits.depth else { throw Malformed() }
    let outer = flags
    if take("?P<") || take("?<") {
      guard let end = rest.firstIndex(of: ">") else { throw Malformed() }
      let name = String(rest[..<end])
      guard !name.isEmpty,
        name.unicodeScalars.allSatisfy({ CharacterSort.word.contains($0.value) }),
        names.insert(name).inserted
      else { throw Malformed() }
      rest = rest[rest.index(after: end)...]
    } else if take("?") {
      guard try readFlags() else { return try nothing() }
    }
    let program = try alternatives()
    guard rest.popFirst() == ")" else { throw Malformed() }
    flags = outer
    return program
  }

  /// `i-s:`, or `i-s)`, which is of the rest of the group around it and answered with `false`.
  private mutating func readFlags() throws(Malformed) -> Bool {
    var isOn = true
    var isEmpty = false
    while let flag = rest.popFirst() {
      switch flag {
      case "i": flags.ignoresCase = isOn
      case "m": flags.isOfLines = isOn
      case "s": flags.dotTakesNewlines = isOn
      // Whether few or many are preferred.
      case "U": break
      case "-":
        guard isOn else { throw Malformed() }
        isOn = false
        isEmpty = true
        continue
      case ":", ")":
        guard !isEmpty else { throw Malformed() }
        return flag == ":"
      default: throw Malformed()
      }
      isEmpty = false
    }
    throw Malformed()
  }
}
