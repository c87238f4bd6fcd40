import Objects

/// Which values fields of an object must have: `metadata.name=a,status.phase!=Running`
/// (apimachinery, pkg/fields/selector.go).
struct FieldSelector: Sendable {
  struct Term: Sendable {
    let field: ResourceDefinition.SelectableField
    let value: String
    let isEqual: Bool
  }

  let terms: [Term]

  /// Reads a selector; an empty one is every object's.
  ///
  /// - Throws: ``StatusError`` for a field that is not among those of the kind.
  init(_ text: String, among selectable: [ResourceDefinition.SelectableField]) throws(StatusError) {
    var terms: [Term] = []
    let known =
      selectable + [
        ResourceDefinition.SelectableField("metadata.name"),
        ResourceDefinition.SelectableField("metadata.namespace"),
      ]
    for part in Self.split(text) where !part.isEmpty {
      let (name, value, isEqual) = try Self.sides(part)
      guard let field = known.first(where: { $0.name == name }) else {
        throw .badRequest("field label not supported: \(name)")
      }
      terms.append(Term(field: field, value: value, isEqual: isEqual))
    }
    self.terms = terms
  }

  /// Whether an object's fields are such.
  func matches(_ tree: ObjectNode) -> Bool {
    terms.allSatisfy { term in
      var node: ObjectNode? = tree
      for step in term.field.path { node = node?[step] }
      let value = node?.scalar.flatMap { $0.text.isEmpty ? nil : $0.text } ?? term.field.fallback
      return (value == term.value) == term.isEqual
    }
  }

  /// The parts between commas; a backslash takes the next character's meaning away.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var isEscaped = false
    for character in text {
      if character == ",", !isEscaped {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
      isEscaped = character == "\\" && !isEscaped
    }
    return parts
  }

  private static func sides(
    _ part: String
  ) throws(StatusError) -> (name: String, value: String, isEqual: Bool) {
    for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
      guard let range = part.firstRange(of: sign) else { continue }
      var value = ""
      var isEscaped = false
      for character in part[range.upperBound...] {
        isEscaped = character == "\\" && !isEscaped
        if !isEscaped { value.append(character) }
      }
      return (String(part[..<range.lowerBound]), value, isEqual)
    }
    throw .badRequest(
      "invalid selector: \(part.debugDescription); can't understand it: FIELD=VALUE or FIELD!=VALUE"
    )
  }
}
