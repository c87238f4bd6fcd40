/// A path to values of an object as custom resources' printer columns have it: `.status.phase`,
/// `.spec.items[0].name`, `.status.conditions[?(@.type=="Ready")].status`, `.metadata.labels.a\.b`,
/// `.spec.list[*].name` (client-go, util/jsonpath). Of that language's other forms it knows none.
package struct JSONPath: Sendable, Equatable {
  enum Step: Sendable, Equatable {
    case key(String)
    /// Counted from the end when negative.
    case index(Int)
    case all
    /// Items in which a path leads to a text, or to another.
    case filter(path: [String], value: String, isEqual: Bool)
  }

  let steps: [Step]

  /// The path of keys below keys.
  package init(keys: [String]) { steps = keys.map { .key($0) } }

  /// Reads a path; `nil` for one of another form.
  package init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
    if rest.hasPrefix("$") { rest = rest.dropFirst() }
    var steps: [Step] = []
    while let first = rest.popFirst() {
      switch first {
      case ".":
        let key = Self.key(&rest)
        guard !key.isEmpty else {
          // A dot before a bracket, or alone.
          guard rest.first == "[" || (rest.isEmpty && steps.isEmpty) else { return nil }
          continue
        }
        steps.append(key == "*" ? .all : .key(key))
      case "[":
        guard let end = Self.end(of: rest), let step = Self.bracketed(rest[..<end]) else {
          return nil
        }
        steps.append(step)
        rest = rest[rest.index(after: end)...]
      default: return nil
      }
    }
    self.steps = steps
  }

  /// The values at the path, in order.
  package func values(in tree: ObjectNode) -> [ObjectNode] {
    var nodes = [tree]
    for step in steps {
      nodes = nodes.flatMap { node -> [ObjectNode] in
        switch step {
        case .key(let key): return node[key].map { [$0] } ?? []
        case .index(let index):
          let items = node.items
          let place = index < 0 ? items.count + index : index
          return items.indices.contains(place) ? [items[place]] : []
        case .all: return node.isMapping ? node.entries.map(\.value) : node.items
        case .filter(let path, let value, let isEqual):
          return node.items.filter { item in
            let found = path.reduce(item as ObjectNode?) { $0?[$1] }?.scalar?.text
            return (found == value) == isEqual && (found != nil || !isEqual)
          }
        }
      }
    }
    return nodes
  }

  private static func key(_ rest: inout Substring) -> String {
    var key = ""
    while let character = rest.first, character != ".", character != "[" {
      rest.removeFirst()
      if character == "\\", let escaped = rest.popFirst() {
        key.append(escaped)
      } else {
        key.append(character)
      }
    }
    return key
  }

  /// The bracket that closes, outside of quotes.
  private static func end(of text: Substring) -> Substring.Index? {
    var quote: Character?
    for index in text.indices {
      switch text[index] {
      case let character where quote == character: quote = nil
      case let character where quote == nil && (character == "\"" || character == "'"):
        quote = character
      case "]" where quote == nil: return index
      default: continue
      }
    }
    return nil
  }

  private static func bracketed(_ text: Substring) -> Step? {
    if text == "*" { return .all }
    if let index = Int(text) { return .index(index) }
    if let key = unquoted(text) { return .key(key) }
    guard text.hasPrefix("?("), text.hasSuffix(")") else { return nil }
    let condition = text.dropFirst(2).dropLast()
    for (sign, isEqual) in [("==", true), ("!=", false)] {
      guard let range = condition.firstRange(of: sign) else { continue }
      let left = condition[..<range.lowerBound].filter { $0 != " " }
      let right = condition[range.upperBound...].drop { $0 == " " }
      let trimmed = right.reversed().drop { $0 == " " }.reversed()
      guard left.hasPrefix("@."), let path = JSONPath(String(left.dropFirst())) else { return nil }
      let keys = path.steps.compactMap { step -> String? in
        if case .key(let key) = step { key } else { nil }
      }
      guard keys.count == path.steps.count else { return nil }
      let value = String(trimmed)
      return .filter(path: keys, value: unquoted(value[...]) ?? value, isEqual: isEqual)
    }
    return nil
  }

  private static func unquoted(_ text: Substring) -> String? {
    guard text.count >= 2, let first = text.first, first == "\"" || first == "'",
      text.last == first
    else { return nil }
    return String(text.dropFirst().dropLast())
  }
}
