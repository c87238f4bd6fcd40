/// What the API server says against a field (apimachinery, pkg/util/validation/field/errors.go).
package struct FieldError: Hashable, Sendable {
  /// What kind of objection it is.
  package enum Kind: String, Hashable, Sendable {
    case required = "FieldValueRequired"
    case invalid = "FieldValueInvalid"
    case unsupported = "FieldValueNotSupported"
    case forbidden = "FieldValueForbidden"
    case duplicate = "FieldValueDuplicate"
  }

  /// The kind.
  package let kind: Kind
  /// The path of the field, as the API server has it.
  package let path: String
  /// All of it, in the API server's words.
  package let text: String

  private init(_ kind: Kind, _ path: String, _ words: String, _ detail: String) {
    self.kind = kind
    self.path = path
    text = "\(path): \(words)" + (detail.isEmpty ? "" : ": \(detail)")
  }

  /// A value that must be there.
  package static func required(_ path: String, _ detail: String = "") -> FieldError {
    FieldError(.required, path, "Required value", detail)
  }

  /// A value that must not be there.
  package static func forbidden(_ path: String, _ detail: String) -> FieldError {
    FieldError(.forbidden, path, "Forbidden", detail)
  }

  /// A text that will not do.
  package static func invalid(_ path: String, _ value: String, _ detail: String) -> FieldError {
    FieldError(.invalid, path, "Invalid value: \(goQuoted(value))", detail)
  }

  /// A number that will not do.
  package static func invalid(_ path: String, number: Int, _ detail: String) -> FieldError {
    FieldError(.invalid, path, "Invalid value: \(number)", detail)
  }

  /// Networks that will not do together.
  package static func invalid(_ path: String, networks: [String], _ detail: String) -> FieldError {
    let list = networks.map(goQuoted).joined(separator: ",")
    return FieldError(.invalid, path, "Invalid value: [\(list)]", detail)
  }

  /// A value that is none of those that are known.
  package static func unsupported(_ path: String, _ value: String, _ known: [String]) -> FieldError
  {
    FieldError(
      .unsupported, path, "Unsupported value: \(goQuoted(value))",
      "supported values: \(known.map(goQuoted).joined(separator: ", "))")
  }

  /// A value that is there already.
  ///
  /// - Parameter value: the value as JSON.
  package static func duplicate(_ path: String, _ value: String, _ detail: String = "")
    -> FieldError
  {
    FieldError(.duplicate, path, "Duplicate value: \(value)", detail)
  }
}
