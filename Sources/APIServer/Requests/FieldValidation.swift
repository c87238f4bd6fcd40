import Objects

/// What becomes of a request with fields that the API does not know (`fieldValidation`).
enum FieldValidation: String {
  /// It is refused.
  case strict = "Strict"
  /// It is taken without them, and the client is warned.
  case warn = "Warn"
  /// It is taken without them. A cluster says nothing; here the client is warned, since oc asks for this and
  /// people do not.
  case ignore = "Ignore"

  init(_ query: RequestQuery) throws(StatusError) {
    guard let value = query["fieldValidation"] else {
      self = .warn
      return
    }
    guard let known = FieldValidation(rawValue: value) else {
      throw .badRequest(
        "fieldValidation: Unsupported value: \"\(value)\": supported values: \"Ignore\", "
          + "\"Strict\", \"Warn\"")
    }
    self = known
  }

  /// What the client is told of an admitted object.
  func warnings(of admitted: AdmittedObject) -> [String] {
    guard self != .strict else { return admitted.warnings }
    return admitted.unknownFields.map(Self.text) + admitted.warnings
  }

  static func text(_ unknownField: String) -> String { "unknown field \"\(unknownField)\"" }
}
