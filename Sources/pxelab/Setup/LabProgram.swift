import Control
import Dispatch
import Execution
import FileSystem
import Foundation
import Glibc
import LabPlan
import LabStore
import Subprocess
import Synchronization

/// A program of the user's inside a lab, with this process's terminal, streams and signals.
struct LabProgram: Sendable {
  let labs: LabRegistry
  let lab: String

  /// Runs a program to its end in a namespace that is made for it.
  ///
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  func run(_ command: [String], in request: ProgramNamespaceRequest) async throws -> Int32 {
    let plan = try labs.plan(lab)
    guard plan.attachments.contains(where: { $0.title == request.attachment }) else {
      throw Failure(
        .usage,
        "the lab \(lab) has no network attachment \(request.attachment); it has "
          + plan.attachments.map { "@\($0.title)" }.joined(separator: ", "))
    }
    let sandbox = try sandbox(plan)
    let client = ControlClient(socketPath: plan.paths.controlSocket)
    let namespace = try await client.makeNamespace(request)
    let entering = plan.sandbox.enter(
      sandbox.pid, networkNamespace: namespace.name,
      workingDirectory: FileManager.default.currentDirectoryPath, command: command)
    let result: Result<Int32, any Error>
    do {
      result = .success(
        try await run(entering.program, entering.arguments, variables: namespace.variables))
    } catch {
      result = .failure(error)
    }
    if namespace.isTemporary { await remove(namespace, client, plan) }
    return try result.get()
  }

  /// Runs a program to its end in the sandbox's own network namespace, where the bridges are.
  ///
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  func runOnNode(_ command: [String]) async throws -> Int32 {
    let plan = try labs.plan(lab)
    let entering = plan.sandbox.enter(
      try sandbox(plan).pid, networkNamespace: nil,
      workingDirectory: FileManager.default.currentDirectoryPath, command: command)
    return try await run(entering.program, entering.arguments, variables: [:])
  }

  private func sandbox(_ plan: LabPlan) throws -> ProcessIdentity {
    guard FileLock.isHeld(path: plan.paths.supervisorLog) else {
      throw Failure.dead(lab)
    }
    for case .sandbox(let process) in try Journal(path: plan.paths.journal).entries()
    where process.isRunning { return process }
    throw Failure(.lab, "the journal of the lab \(lab) does not say which its sandbox is")
  }

  private func run(_ program: String, _ arguments: [String], variables: [String: String])
    async throws -> Int32
  {
    let search = ExecutableSearch.current
    guard let path = search.path(of: program) else {
      throw CommandError.missingProgram(program, searched: search.folders)
    }
    for needed in ["nsenter", "ip"] where search.path(of: needed) == nil {
      throw CommandError.missingProgram(needed, searched: search.folders)
    }
    var values = variables.map { name, value in
      (Environment.Key(stringLiteral: name), Optional(value))
    }
    // An ordinary user's PATH lacks the folders of servers.
    values.append(("PATH", search.folders.joined(separator: ":")))
    let signals = PassedSignals()
    defer { signals.stop() }
    let result = try await Subprocess.run(
      Configuration(
        executable: .path(.init(path)), arguments: Arguments(arguments),
        environment: .inherit.updating(Dictionary(uniqueKeysWithValues: values))),
      input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
      output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
      error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
    ) { execution in
      signals.pass(toChildOf: Int32(execution.processIdentifier.value))
    }
    return switch result.terminationStatus {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }

  private func remove(_ namespace: ProgramNamespace, _ client: ControlClient, _ plan: LabPlan) async
  {
    do {
      let processes = try await client.removeNamespace(namespace.name)
      if !processes.isEmpty {
        complain(
          "\(processes.count) of the program's processes go on in the lab, until "
            + "`pxelab down \(lab)`")
      }
    } catch {
      // With the lab everything of it is gone.
      if FileLock.isHeld(path: plan.paths.supervisorLog) { complain("\(error)") }
    }
  }
}

/// Signals to this process that are meant for the program: what a terminal sends it gets itself,
/// being in the terminal's foreground, what is sent to this process alone is passed on.
private final class PassedSignals: Sendable {
  private struct State {
    var parent: ProcessIdentity?
    /// What came before it was known.
    var early: [Int32] = []
  }

  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]
  private let state = Mutex(State())

  init() {
    let fromTerminal = [SIGINT, SIGQUIT]
    for number in fromTerminal { signal(number, SIG_IGN) }
    let passed =
      [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] + (isatty(STDIN_FILENO) == 1 ? [] : fromTerminal)
    for number in passed { signal(number, SIG_IGN) }
    sources = passed.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for (number, source) in zip(passed, sources) {
      source.setEventHandler { [weak self] in self?.send(number) }
      source.activate()
    }
  }

  /// From now on they go to the only child of the process with this number, and so do those that came
  /// before.
  func pass(toChildOf pid: Int32) {
    let early = state.withLock { state in
      state.parent = ProcessIdentity(running: pid)
      defer { state.early = [] }
      return state.early
    }
    for number in early { send(number) }
  }

  func stop() {
    for source in sources { source.cancel() }
  }

  private func send(_ number: Int32) {
    let parent = state.withLock { state in
      if state.parent == nil { state.early.append(number) }
      return state.parent
    }
    guard let parent else { return }
    let children = parent.children
    // Until it has a child, there is nothing but itself to end.
    for process in children.isEmpty ? [parent] : children { process.signal(number) }
  }
}
