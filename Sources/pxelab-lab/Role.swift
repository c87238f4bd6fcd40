/// What a process of a lab is there for, as its command line says.
protocol Role: Sendable {
  /// Its name, the first argument.
  static var word: String { get }
  /// The arguments behind it, for a person.
  static var arguments: String { get }

  /// - Returns: `nil` for arguments of another form.
  init?(_ arguments: [String])

  /// Works until there is nothing left to do.
  ///
  /// - Throws: what the process ends with.
  func run() async throws
}
