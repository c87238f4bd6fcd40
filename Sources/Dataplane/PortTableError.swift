/// The engine's answer was not what it is documented to print.
package struct PortTableError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  package let description: String
}
