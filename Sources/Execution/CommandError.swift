import ExternalCommand

/// Why a command did not do what it was run for.
package enum CommandError: Error, Sendable, Equatable {
  /// No executable of that name in the searched folders.
  case missingProgram(String, searched: [String])
  /// The command could not be started; the reason is the system's.
  case notStarted(Command, reason: String)
  /// The command ended with a non-zero status; `output` holds the last lines it printed.
  case failed(Command, status: String, output: String)
}

extension CommandError: CustomStringConvertible {
  /// What failed, how, and the program's own last words.
  package var description: String {
    switch self {
    case .missingProgram(let program, let searched):
      "\(program) is not installed (looked in \(searched.joined(separator: ", "))); "
        + "`pxelab doctor` names the package that brings it"
    case .notStarted(let command, let reason):
      "\(command.program) could not be started: \(reason)"
    case .failed(let command, let status, let output):
      "`\(Self.brief(command))` \(status)" + (output.isEmpty ? "" : ":\n\(output)")
        + (Self.line(of: command, namedIn: output).map { "\nThat line is: \($0)" } ?? "")
    }
  }

  /// The command as a line for a shell; of a long input, only how long it is.
  private static func brief(_ command: Command) -> String {
    guard let input = command.input else { return command.shellText }
    let count = input.split(separator: "\n").count
    guard count > 8 else { return command.shellText }
    var line = command
    line.input = nil
    return "\(line.shellText) <\(count) lines"
  }

  /// The line of a batch at which `ip -batch -` or `bridge -batch -` says that it stopped.
  private static func line(of command: Command, namedIn output: String) -> String? {
    guard let input = command.input, let place = output.firstRange(of: "Command failed -:"),
      let number = Int(output[place.upperBound...].prefix { $0.isNumber })
    else { return nil }
    let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
  }
}
