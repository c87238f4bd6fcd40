/// A program to run, as data: what `pxelab plan` prints and what `pxelab up` executes.
///
/// Arguments stay an array from here to `execve`; no shell ever sees them.
package struct Command: Hashable, Sendable, Codable {
  /// The program's name, looked up in the search path, or its absolute path.
  package var program: String
  /// The arguments after the program's name.
  package var arguments: [String]
  /// What the program reads on standard input; `nil` means nothing.
  package var input: String?
  /// Variables set in addition to the inherited environment.
  package var environment: [String: String]

  /// A command.
  package init(
    _ program: String, _ arguments: [String] = [], input: String? = nil,
    environment: [String: String] = [:]
  ) {
    self.program = program
    self.arguments = arguments
    self.input = input
    self.environment = environment
  }
}
