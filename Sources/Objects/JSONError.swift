/// Text that is no JSON, or more deeply nested than is read.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  package let reason: String
  /// Where, in bytes from the beginning.
  package let offset: Int

  /// The reason with the place.
  package var description: String { "\(reason) at byte \(offset)" }
}
