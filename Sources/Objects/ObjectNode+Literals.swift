extension ObjectNode: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  /// A mapping; of equal keys the first counts.
  package init(dictionaryLiteral elements: (String, ObjectNode)...) {
    self.init(.mapping(elements.map { Entry(key: $0, value: $1) }))
  }

  /// A sequence.
  package init(arrayLiteral elements: ObjectNode...) { self = .sequence(elements) }
  /// A text.
  package init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
