/// The engine's answer was not what it is documented to print.
public struct PortTableError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public let description: String
}
