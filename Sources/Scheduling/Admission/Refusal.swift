import KubeVirt

/// Why the API server does not take an object.
package struct Refusal: Error, Hashable, Sendable {
  /// The whole error.
  package let message: String
  /// What is said of fields, when it is about fields.
  package let errors: [FieldError]

  init(_ message: String) {
    self.message = message
    errors = []
  }

  init(kind: String, name: String, _ errors: [FieldError]) {
    var seen: Set<String> = []
    let texts = errors.map(\.text).filter { seen.insert($0).inserted }
    let list = texts.joined(separator: ", ")
    message = "\(kind) \(goQuoted(name)) is invalid: " + (texts.count == 1 ? list : "[\(list)]")
    self.errors = errors
  }
}
