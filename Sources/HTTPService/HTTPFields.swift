/// The fields of a message's head, in their order; names are compared without regard to case
/// (RFC 9110 section 5).
package struct HTTPFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// Names and values.
  package private(set) var all: [(name: String, value: String)]

  /// Fields.
  package init(_ all: [(name: String, value: String)] = []) {
    self.all = all
  }

  /// Fields, each once.
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0, value: $1) })
  }

  /// The first value of a field; `nil` when there is none. Setting replaces all values.
  package subscript(name: String) -> String? {
    get { all.first { $0.name.isEqual(ignoringCase: name) }?.value }
    set {
      all.removeAll { $0.name.isEqual(ignoringCase: name) }
      if let newValue { all.append((name: name, value: newValue)) }
    }
  }

  /// Adds a value, whether the field has one or not.
  package mutating func append(_ name: String, _ value: String) {
    all.append((name: name, value: value))
  }

  /// Whether both have the same fields in the same order.
  package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
    left.all.elementsEqual(right.all, by: ==)
  }
}

extension String {
  /// Whether two texts differ in the case of ASCII letters at most.
  fileprivate func isEqual(ignoringCase other: String) -> Bool {
    func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
    return utf8.count == other.utf8.count
      && utf8.elementsEqual(other.utf8) { lower($0) == lower($1) }
  }
}
