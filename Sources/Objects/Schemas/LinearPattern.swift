/// A regular expression in the syntax of Go's regexp, matched in time that grows with the text and no
/// faster: texts and patterns of strangers hold nobody up (swtch.com/~rsc/regexp, Thompson's simulation).
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
    case wordBoundary
    case noWordBoundary
  }

  /// Reads an expression; `nil` for one that is malformed, or too large.
  package init?(_ text: String) {
    var parser = PatternParser(text)
    guard let program = parser.program() else { return nil }
    self.text = text
    self.program = program
  }

  /// Whether it is found somewhere in a text.
  package func isFound(in text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var threads = ThreadSet(program.count)
    var next = ThreadSet(program.count)
    for place in 0...scalars.count {
      // It may begin anywhere.
      if add(0, &threads, scalars, place) { return true }
      guard place < scalars.count else { return false }
      next.removeAll()
      for thread in threads.all {
        guard case .character(let sort) = program[thread], sort.contains(scalars[place]) else {
          continue
        }
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
      scalars.indices.contains(index) && CharacterSort.word.contains(scalars[index])
    }
    switch self {
    case .start: return place == 0
    case .end: return place == scalars.count
    case .wordBoundary: return isWord(place - 1) != isWord(place)
    case .noWordBoundary: return isWord(place - 1) == isWord(place)
    }
  }
}

/// Which characters stand at a place of an expression.
struct CharacterSort: Sendable {
  var ranges: [ClosedRange<UInt32>]
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } != isNegated
  }

  /// The characters that these are not.
  var complement: CharacterSort { CharacterSort(ranges: ranges, isNegated: !isNegated) }

  /// The same in either case.
  var withoutCase: CharacterSort {
    var sort = self
    for range in ranges {
      for (letters, step) in [(UInt32(0x41)...0x5a, UInt32(0x20)), (0x61...0x7a, 0)] {
        guard range.overlaps(letters) else { continue }
        let common = range.clamped(to: letters)
        sort.ranges.append(
          step > 0
            ? common.lowerBound + step...common.upperBound + step
            : common.lowerBound - 0x20...common.upperBound - 0x20)
      }
    }
    return sort
  }

  static let digit = CharacterSort(ranges: [0x30...0x39])
  static let word = CharacterSort(ranges: [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
  static let space = CharacterSort(ranges: [0x09...0x0a, 0x0c...0x0d, 0x20...0x20])
  static let notNewline = CharacterSort(ranges: [0x0a...0x0a], isNegated: true)
}
