import Execution
import ExternalCommand
import Glibc
import Subprocess

/// How a command ended and what it said.
struct Outcome: Sendable {
  /// The exit status, or 128 and the number of the signal.
  var status: Int32
  var output: String
  var errors: String
}

/// A command that runs beside the test, which can wait for what it says and send it signals.
struct RunningCommand: Sendable {
  let pid: Int32
  let output: Transcript
  let errors: Transcript
  private let input: StandardInputWriter
  private let task: Task<Int32, any Error>

  /// Starts a command; its variables are added to this process's.
  ///
  /// - Throws: `CommandError` naming the program when it is not installed.
  init(_ command: Command, directory: String? = nil) async throws {
    let search = ExecutableSearch.current
    guard let path = search.path(of: command.program) else {
      throw CommandError.missingProgram(command.program, searched: search.folders)
    }
    let variables = command.environment.map { name, value in
      (Environment.Key(stringLiteral: name), Optional(value))
    }
    let configuration = Configuration(
      executable: .path(.init(path)), arguments: Arguments(command.arguments),
      environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)),
      workingDirectory: directory.map { .init($0) })
    let output = Transcript()
    let errors = Transcript()
    let (starts, start) = AsyncThrowingStream.makeStream(
      of: (Int32, StandardInputWriter).self)
    task = Task {
      do {
        let result = try await Subprocess.run(
          configuration, input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
          start.yield((execution.processIdentifier.value, execution.standardInputWriter))
          try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.copy(execution.standardOutput, to: output) }
            group.addTask { try await Self.copy(execution.standardError, to: errors) }
            try await group.waitForAll()
          }
        }
        return switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      } catch {
        start.finish(throwing: error)
        throw error
      }
    }
    var first = starts.makeAsyncIterator()
    guard let (pid, input) = try await first.next() else {
      throw CommandError.notStarted(command, reason: "no process")
    }
    self.pid = pid
    self.input = input
    self.output = output
    self.errors = errors
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(pid, number) }

  /// Writes to its standard input.
  func type(_ text: String) async throws { _ = try await input.write(text) }

  /// Returns when it has said `words` on standard output; see `Transcript`.
  func wait(for words: String, after offset: Int = 0) async throws {
    try await killingWhenCancelled { try await output.wait(for: words, after: offset) }
  }

  /// Returns when these words have come so many times.
  func wait(for words: String, times: Int) async throws {
    try await killingWhenCancelled { try await output.wait(for: words, times: times) }
  }

  /// Closes its standard input and waits for its end.
  func outcome() async throws -> Outcome {
    try await input.finish()
    let status = try await killingWhenCancelled { try await task.value }
    return Outcome(status: status, output: await output.text, errors: await errors.text)
  }

  /// A test that runs out of time is cancelled: the command's end then ends the waiting.
  private func killingWhenCancelled<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withTaskCancellationHandler(operation: body, onCancel: { kill(pid, SIGKILL) })
  }

  private static func copy(_ pieces: SubprocessOutputSequence, to transcript: Transcript)
    async throws
  {
    do {
      for try await piece in pieces {
        await transcript.append(piece.withUnsafeBytes { Array($0) })
      }
    } catch {
      await transcript.end()
      throw error
    }
    await transcript.end()
  }
}
