import ExternalCommand

/// Runs commands to their end.
package protocol CommandRunner: Sendable {
  /// Runs a command and returns its standard output.
  ///
  /// - Throws: ``CommandError`` when the program is missing, cannot start or fails.
  @discardableResult
  func run(_ command: Command) async throws -> String
}
