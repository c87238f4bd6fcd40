import Objects

/// The fields of a request's query; of equal ones the first counts.
package struct RequestQuery: Equatable, Sendable {
  private let fields: [String: String]

  init(_ fields: [String: String] = [:]) {
    self.fields = fields
  }

  /// The value of a field; `nil` when it is missing or empty.
  package subscript(name: String) -> String? {
    fields[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A truth value, as Go's strconv.ParseBool reads it; `nil` when the field is missing.
  ///
  /// - Throws: ``StatusError`` for another value.
  package func boolean(_ name: String) throws(StatusError) -> Bool? {
    switch self[name] {
    case nil: nil
    case "1", "t", "T", "true", "True", "TRUE": true
    case "0", "f", "F", "false", "False", "FALSE": false
    case let value?:
      throw .badRequest("\(name) is true or false, not \(value.debugDescription)")
    }
  }

  /// A whole number that is not negative; `nil` when the field is missing.
  ///
  /// - Throws: ``StatusError`` for another value.
  func number(_ name: String) throws(StatusError) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = Int(value), number >= 0 else {
      throw .badRequest("\(name) is a number, not \(value.debugDescription)")
    }
    return number
  }

  /// Whether nothing is to be written (`dryRun=All`).
  ///
  /// - Throws: ``StatusError`` for another value.
  package var isDryRun: Bool {
    get throws(StatusError) {
      guard let value = self["dryRun"] else { return false }
      guard value == "All" else {
        throw StatusError(
          422, "Invalid",
          " \"\" is invalid: dryRun: Unsupported value: [\"\(value)\"]: supported values: \"All\"")
      }
      return true
    }
  }

  /// The same, which an object of options may say too (apimachinery, meta/v1, its field dryRun).
  ///
  /// - Throws: ``StatusError`` for another value in the query.
  package func isDryRun(or options: ObjectNode) throws(StatusError) -> Bool {
    let isDryRunByOptions = options["dryRun"]?.items.contains { $0.string == "All" } ?? false
    let isDryRunByQuery = try isDryRun
    return isDryRunByOptions || isDryRunByQuery
  }
}
