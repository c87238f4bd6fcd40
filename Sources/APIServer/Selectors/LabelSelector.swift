import Objects

/// Which labels an object must have: `a=b,c!=d,e,!f,g in (h,i)` (apimachinery,
/// pkg/labels/selector.go).
struct LabelSelector: Equatable, Sendable {
  enum Requirement: Equatable, Sendable {
    case exists(String)
    case isMissing(String)
    case isIn(String, Set<String>)
    case isNotIn(String, Set<String>)
  }

  let requirements: [Requirement]

  /// Reads a selector; an empty one is every object's.
  ///
  /// - Throws: ``StatusError``.
  init(_ text: String) throws(StatusError) {
    var requirements: [Requirement] = []
    for term in Self.terms(text) { requirements.append(try Self.requirement(term)) }
    self.requirements = requirements
  }

  /// Whether an object's labels are such.
  func matches(_ tree: ObjectNode) -> Bool {
    requirements.allSatisfy { requirement in
      func value(_ name: String) -> String? { tree["metadata", "labels", name]?.string }
      return switch requirement {
      case .exists(let name): value(name) != nil
      case .isMissing(let name): value(name) == nil
      case .isIn(let name, let values): value(name).map(values.contains) ?? false
      case .isNotIn(let name, let values): !(value(name).map(values.contains) ?? false)
      }
    }
  }

  /// The text between commas that are not in parentheses.
  private static func terms(_ text: String) -> [String] {
    var terms: [String] = []
    var term = ""
    var depth = 0
    for character in text {
      if character == ",", depth == 0 {
        terms.append(term)
        term = ""
        continue
      }
      if character == "(" { depth += 1 }
      if character == ")" { depth = max(0, depth - 1) }
      term.append(character)
    }
    terms.append(term)
    return terms.map(\.trimmed).filter { !$0.isEmpty }
  }

  private static func requirement(_ term: String) throws(StatusError) -> Requirement {
    for (sign, isWanted) in [("!=", false), ("==", true), ("=", true)] {
      guard let range = term.firstRange(of: sign) else { continue }
      let name = try key(String(term[..<range.lowerBound]).trimmed, term)
      let value = try value(String(term[range.upperBound...]).trimmed, term)
      return isWanted ? .isIn(name, [value]) : .isNotIn(name, [value])
    }
    if term.hasPrefix("!") { return .isMissing(try key(String(term.dropFirst()).trimmed, term)) }
    guard let open = term.firstIndex(of: "(") else { return .exists(try key(term, term)) }
    let words = term[..<open].split(separator: " ")
    guard words.count == 2, term.hasSuffix(")") else { throw unreadable(term) }
    let inside = term[term.index(after: open)...].dropLast()
    var values: Set<String> = []
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      values.insert(try value(String(part).trimmed, term))
    }
    let name = try key(String(words[0]), term)
    switch words[1] {
    case "in": return .isIn(name, values)
    case "notin": return .isNotIn(name, values)
    default: throw unreadable(term)
    }
  }

  private static func key(_ text: String, _ term: String) throws(StatusError) -> String {
    guard !text.isEmpty, text.utf8.allSatisfy({ isPart($0) || $0 == UInt8(ascii: "/") }) else {
      throw unreadable(term)
    }
    return text
  }

  private static func value(_ text: String, _ term: String) throws(StatusError) -> String {
    guard text.utf8.count <= 63, text.utf8.allSatisfy(isPart) else { throw unreadable(term) }
    return text
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func unreadable(_ term: String) -> StatusError {
    .badRequest(
      "unable to parse requirement: \(term.debugDescription) is none of a=b, a!=b, a, !a, "
        + "a in (b,c), a notin (b,c)")
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
