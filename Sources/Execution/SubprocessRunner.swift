import ExternalCommand
import Subprocess

/// The one real ``CommandRunner``.
package struct SubprocessRunner: CommandRunner {
  private let search: ExecutableSearch

  /// A runner that finds programs by `search`.
  package init(search: ExecutableSearch = .current) {
    self.search = search
  }

  /// Runs a command to its end; see ``CommandRunner/run(_:)``. Output beyond 16 MiB is an error.
  @discardableResult
  package func run(_ command: Command) async throws -> String {
    guard let path = search.path(of: command.program) else {
      throw CommandError.missingProgram(command.program, searched: search.folders)
    }
    let configuration = Configuration(
      executable: .path(.init(path)), arguments: Arguments(command.arguments),
      environment: command.subprocessEnvironment)
    do {
      let limit = 16 << 20
      if let input = command.input {
        let result = try await Subprocess.run(
          configuration, input: .string(input), output: .string(limit: limit),
          error: .string(limit: limit))
        return try outcome(
          of: command, result.terminationStatus, result.standardOutput, result.standardError)
      }
      let result = try await Subprocess.run(
        configuration, input: .none, output: .string(limit: limit), error: .string(limit: limit))
      return try outcome(
        of: command, result.terminationStatus, result.standardOutput, result.standardError)
    } catch let error as SubprocessError {
      throw CommandError.notStarted(command, reason: "\(error)")
    }
  }

  private func outcome(
    of command: Command, _ status: TerminationStatus, _ output: String?, _ errors: String?
  ) throws -> String {
    guard status.isSuccess else {
      let said = [errors, output].compactMap { $0 }.first { !$0.isEmpty } ?? ""
      let lines = said.split(separator: "\n").suffix(12).joined(separator: "\n")
      throw CommandError.failed(command, status: "\(Program.End(status))", output: lines)
    }
    return output ?? ""
  }
}

extension Command {
  /// This command's variables over the inherited ones.
  var subprocessEnvironment: Environment {
    .inherit.updating(
      Dictionary(
        uniqueKeysWithValues: environment.map { name, value in
          (Environment.Key(stringLiteral: name), Optional(value))
        }))
  }
}
