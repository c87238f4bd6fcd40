import Objects

extension ObjectNode {
  /// What the OpenAPI check calls it.
  var schemaKind: String {
    let kind = jsonKind
    return kind == "bool" ? "boolean" : kind
  }

  /// The text of a scalar.
  var text: String? {
    scalar?.text
  }

  /// The whole number that JSON carries: `1.0` and `1e3` are whole.
  var wholeNumber: Int? {
    guard let scalar else { return nil }
    if let integer = scalar.integer { return integer }
    guard scalar.isNumber, let value = Double(scalar.text) else { return nil }
    return Int(exactly: value)
  }

  /// The quantity; a number without quotes goes through JSON and so has no exponent.
  var quantity: Quantity? {
    guard let text else { return nil }
    guard jsonKind == "number" else { return Quantity(text) }
    return Quantity(wholeNumber.map(String.init) ?? Double(text).map { "\($0)" } ?? text)
  }
}
