import ExternalCommand
import Glibc
import Subprocess

/// A program that runs for as long as it likes, on descriptors of this process where a
/// ``CommandRunner`` has texts.
package struct Program: Sendable {
  /// What one of a program's standard streams is.
  package enum Stream: Sendable {
    /// /dev/null.
    case null
    /// A descriptor of this process, which keeps it.
    case descriptor(Int32)
    /// A descriptor that is closed here as soon as the program has it, or cannot be started.
    case handedOver(Int32)
  }

  /// How a program ended.
  package enum End: Sendable, Hashable, CustomStringConvertible {
    /// By itself, with this status.
    case exited(Int32)
    /// By a signal of this number.
    case signaled(Int32)

    init(_ status: TerminationStatus) {
      self =
        switch status {
        case .exited(let status): .exited(status)
        case .signaled(let signal): .signaled(signal)
        }
    }

    /// The end as a predicate: "exited with status 1".
    package var description: String {
      switch self {
      case .exited(let status): "exited with status \(status)"
      case .signaled(let signal): "was ended by signal \(signal)"
      }
    }
  }

  private let command: Command
  private let search: ExecutableSearch
  /// Where it starts; this process's working directory without one.
  package var workingDirectory: String?
  /// Whether it is the first of a session of its own (setsid(2)), which no terminal's signals reach.
  package var hasOwnSession = false
  /// Its standard input.
  package var input = Stream.null
  /// Its standard output.
  package var output = Stream.null
  /// Its standard error.
  package var error = Stream.null

  /// A program; of the command the input is not used.
  package init(_ command: Command, search: ExecutableSearch = .current) {
    self.command = command
    self.search = search
  }

  /// Runs it to its end. A cancellation ends it.
  ///
  /// - Parameter started: is given its process number.
  /// - Throws: `CommandError` when it is missing or cannot be started.
  package func run(started: @escaping @Sendable (Int32) -> Void = { _ in }) async throws -> End {
    guard let path = search.path(of: command.program) else {
      closeHandedOver()
      throw CommandError.missingProgram(command.program, searched: search.folders)
    }
    var options = PlatformOptions()
    options.createSession = hasOwnSession
    let configuration = Configuration(
      executable: .path(.init(path)), arguments: Arguments(command.arguments),
      environment: command.subprocessEnvironment,
      workingDirectory: workingDirectory.map { .init($0) }, platformOptions: options)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard null >= 0 else {
      closeHandedOver()
      throw CommandError.notStarted(command, reason: "/dev/null cannot be opened")
    }
    defer { close(null) }
    let (reading, writing, complaining) = (
      input.descriptor(null), output.descriptor(null), error.descriptor(null)
    )
    do {
      let result = try await Subprocess.run(
        configuration,
        input: .fileDescriptor(
          .init(rawValue: reading.value), closeAfterSpawningProcess: reading.isHandedOver),
        output: .fileDescriptor(
          .init(rawValue: writing.value), closeAfterSpawningProcess: writing.isHandedOver),
        error: .fileDescriptor(
          .init(rawValue: complaining.value), closeAfterSpawningProcess: complaining.isHandedOver)
      ) { execution in
        started(Int32(execution.processIdentifier.value))
      }
      return End(result.terminationStatus)
    } catch let error as SubprocessError {
      throw CommandError.notStarted(command, reason: "\(error)")
    }
  }

  private func closeHandedOver() {
    for case .handedOver(let descriptor) in [input, output, error] { close(descriptor) }
  }
}

extension Program.Stream {
  /// The descriptor, and whether it is closed when the program has it.
  fileprivate func descriptor(_ null: Int32) -> (value: Int32, isHandedOver: Bool) {
    switch self {
    case .null: (null, false)
    case .descriptor(let descriptor): (descriptor, false)
    case .handedOver(let descriptor): (descriptor, true)
    }
  }
}
