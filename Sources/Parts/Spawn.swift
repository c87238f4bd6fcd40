import CLinux
import Execution
import ExternalCommand
import FileSystem
import Glibc

/// Starts programs that outlive this process: swift-subprocess would end them with the task that
/// waits for them.
enum Spawn {
  /// Starts a program in a session of its own, its output appended to a file, with no other descriptor
  /// of this process than its input: a pipe that it held open would never be read to its end.
  ///
  /// - Parameter input: its standard input; /dev/null without one.
  /// - Returns: its process number.
  /// - Throws: `CommandError`, `FileError`.
  static func start(
    _ command: Command, workingDirectory: String?, input: Int32?, output path: String
  ) throws -> pid_t {
    let search = ExecutableSearch.current
    guard let program = search.path(of: command.program) else {
      throw CommandError.missingProgram(command.program, searched: search.folders)
    }
    let output = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw FileError("write \(path)") }
    defer { close(output) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    _ = clinux_spawn_closing_from(&actions, STDERR_FILENO + 1)
    if let workingDirectory {
      _ = clinux_spawn_in_folder(&actions, workingDirectory)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This process ignores and blocks signals that a server wants to hear of.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | newSession)

    var variables = inheritedVariables
    for (name, value) in command.environment { variables[name] = value }
    let pid = withStrings([program] + command.arguments) { arguments in
      withStrings(variables.map { "\($0)=\($1)" }) { environment -> Result<pid_t, FileError> in
        var pid: pid_t = 0
        let error = posix_spawn(&pid, program, &actions, &attributes, arguments, environment)
        return error == 0 ? .success(pid) : .failure(FileError("start \(program)", errno: error))
      }
    }
    do {
      return try pid.get()
    } catch {
      throw CommandError.notStarted(command, reason: "\(error)")
    }
  }

  /// POSIX_SPAWN_SETSID of spawn.h, a macro that Swift does not import.
  private static let newSession: Int16 = 0x80

  private static var inheritedVariables: [String: String] {
    var variables: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      place += 1
    }
    return variables
  }

  private static func withStrings<Value>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
  ) -> Value {
    let strings = texts.map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    return body(strings)
  }
}
