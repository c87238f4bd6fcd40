import ExternalCommand

/// Why a command did not do what it was run for.
public enum CommandError: Error, Sendable, Equatable {
  /// No executable of that name in the searched folders.
  case missingProgram(String, searched: [String])
  /// The command could not be started; the reason is the system's.
  case notStarted(Command, reason: String)
  /// The command ended with a non-zero status; `output` holds the last lines it printed.
  case failed(Command, status: String, output: String)
}

extension CommandError: CustomStringConvertible {
  /// What failed, how, and the program's own last words.
  public var description: String {
    switch self {
    case .missingProgram(let program, let searched):
      "\(program) is not installed (looked in \(searched.joined(separator: ", "))); "
        + "`pxelab doctor` names the package that brings it"
    case .notStarted(let command, let reason):
      "\(command.program) could not be started: \(reason)"
    case .failed(let command, let status, let output):
      "`\(command.shellText)` \(status)" + (output.isEmpty ? "" : ":\n\(output)")
    }
  }
}
