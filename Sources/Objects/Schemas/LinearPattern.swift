/// A regular expression in the syntax of Go's regexp, matched in time that grows with the text and no
/// faster: texts and patterns of strangers hold nobody up (swtch.com/~rsc/regexp, Thompson's simulation).
/// Swift's own Regex goes back and tries again, and its time has no such bound.
package struct LinearPattern: Sendable {
  /// The expression as it is written.
  package let text: String
  private let program: [Instruction]

  /// A step of the program.
  enum Instruction: Sendable {
    /// A character of some sort, and on.
    case character(CharacterSort)
    /// Both ways.
    case split(Int, Int)
    case jump(Int)
    case condition(Condition)
    case match
  }

  /// What must be so at a place, where no character is taken.
  enum Condition: Sendable {
    case start
    case end
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
  }

  /// Reads an expression; `nil` for one that is malformed, too large, or asks for what is not known here
  /// (scripts: `\p{Greek}`).
  package init?(_ text: String) {
    guard text.unicodeScalars.count <= PatternParser.limits.text else { return nil }
    var parser = PatternParser(text)
    guard let program = try? parser.program() else { return nil }
    self.text = text
    self.program = program
  }

  /// Whether it is found somewhere in a text.
  ///
  /// - Returns: `nil` when what may be done is used up before it is known.
  package func isFound(in text: String, _ work: inout MatchingWork) -> Bool? {
    guard work.take(program.count) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var threads = ThreadSet(program.count)
    var next = ThreadSet(program.count)
    for place in 0...scalars.count {
      // It may begin anywhere.
      if add(0, &threads, scalars, place) { return true }
      guard work.take(1 + threads.all.count) else { return nil }
      guard place < scalars.count else { return false }
      next.removeAll()
      for thread in threads.all {
        guard case .character(let sort) = program[thread], sort.contains(scalars[place].value)
        else { continue }
        if add(thread + 1, &next, scalars, place + 1) { return true }
      }
      swap(&threads, &next)
    }
    return false
  }

  /// Adds a thread, and those that it becomes without taking a character; `true` when one matches.
  private func add(
    _ start: Int, _ threads: inout ThreadSet, _ scalars: [Unicode.Scalar], _ place: Int
  ) -> Bool {
    var pending = [start]
    while let thread = pending.popLast() {
      guard threads.insert(thread) else { continue }
      switch program[thread] {
      case .match: return true
      case .character: continue
      case .jump(let target): pending.append(target)
      case .split(let first, let second): pending += [first, second]
      case .condition(let condition):
        if condition.holds(scalars, place) { pending.append(thread + 1) }
      }
    }
    return false
  }

  /// Places in the program, each once.
  private struct ThreadSet {
    private(set) var all: [Int] = []
    private var isIn: [Bool]

    init(_ count: Int) { isIn = Array(repeating: false, count: count) }

    mutating func insert(_ thread: Int) -> Bool {
      guard !isIn[thread] else { return false }
      isIn[thread] = true
      all.append(thread)
      return true
    }

    mutating func removeAll() {
      for thread in all { isIn[thread] = false }
      all.removeAll(keepingCapacity: true)
    }
  }
}

extension LinearPattern.Condition {
  fileprivate func holds(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
    func isWord(_ index: Int) -> Bool {
      scalars.indices.contains(index) && CharacterSort.word.contains(scalars[index].value)
    }
    switch self {
    case .start: return place == 0
    case .end: return place == scalars.count
    case .lineStart: return place == 0 || scalars[place - 1] == "\n"
    case .lineEnd: return place == scalars.count || scalars[place] == "\n"
    case .wordBoundary: return isWord(place - 1) != isWord(place)
    case .noWordBoundary: return isWord(place - 1) == isWord(place)
    }
  }
}

/// How much may still be done to match the texts of one object.
package struct MatchingWork: Sendable {
  private var steps: Int
  /// Whether something was left undone.
  package private(set) var isUsedUp = false

  /// - Parameter steps: how often an instruction of an expression is looked at, at most. The number that is
  ///   there by default takes a second or less.
  package init(steps: Int = 20_000_000) { self.steps = steps }

  mutating func take(_ count: Int) -> Bool {
    guard count <= steps else {
      isUsedUp = true
      return false
    }
    steps -= count
    return true
  }
}
