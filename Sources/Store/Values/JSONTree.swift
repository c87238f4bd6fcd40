import Objects

/// A JSON value (RFC 8259). Whole numbers stay whole: 4 is never read or written as 4.0.
package enum JSONTree: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A number with a fraction or an exponent, or one too large for ``integer(_:)``.
  case double(Double)
  case string(String)
  case array([JSONTree])
  case object(JSONFields)

  /// The text of a string; `nil` for everything else.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of a whole number; `nil` for everything else.
  package var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The value of a truth value; `nil` for everything else.
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The items of an array; `nil` for everything else.
  package var array: [JSONTree]? {
    if case .array(let items) = self { items } else { nil }
  }

  /// The fields of an object; `nil` for everything else.
  package var fields: JSONFields? {
    if case .object(let fields) = self { fields } else { nil }
  }

  /// The value at a path of names. Setting makes the objects on the way, in the place of what is
  /// no object; setting `nil` removes the field and makes nothing.
  package subscript(path: String...) -> JSONTree? {
    get { value(at: path[...]) }
    set { set(newValue, at: path[...]) }
  }

  private func value(at path: ArraySlice<String>) -> JSONTree? {
    guard let name = path.first else { return self }
    return fields?[name]?.value(at: path.dropFirst())
  }

  private mutating func set(_ value: JSONTree?, at path: ArraySlice<String>) {
    guard let name = path.first else {
      self = value ?? .null
      return
    }
    guard value != nil || fields != nil else { return }
    var fields = self.fields ?? JSONFields()
    // Let go of the fields while they change, so that they are not copied.
    self = .null
    let rest = path.dropFirst()
    if rest.isEmpty {
      fields[name] = value
    } else if var child = fields[name] ?? (value == nil ? nil : .object(JSONFields())) {
      fields[name] = .null
      child.set(value, at: rest)
      fields[name] = child
    }
    self = .object(fields)
  }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(integerLiteral number: Int) { self = .integer(number) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral items: JSONTree...) { self = .array(items) }
  /// An object; of fields with one name the last counts.
  package init(dictionaryLiteral fields: (String, JSONTree)...) {
    self = .object(JSONFields(fields.map { JSONFields.Field(name: $0.0, value: $0.1) }))
  }
}
