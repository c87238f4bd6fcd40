import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Glibc
import Kinds
import LabStore
import Objects
import Planning

/// A program of the user's inside a lab, with this process's terminal, streams and signals.
package struct LabProgram: Sendable {
  private let labs: LabRegistry
  private let lab: String
  private let remark: @Sendable (String) -> Void

  /// A program inside the lab of this name.
  ///
  /// - Parameter remark: is told what of the program stays in the lab.
  package init(labs: LabRegistry, lab: String, remark: @escaping @Sendable (String) -> Void) {
    self.labs = labs
    self.lab = lab
    self.remark = remark
  }

  /// Runs a program to its end in a namespace that is made for it.
  ///
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  package func run(_ command: [String], in request: ProgramNamespaceRequest) async throws -> Int32 {
    let plan = try await labs.plan(lab)
    guard plan.attachments.contains(where: { $0.title == request.attachment }) else {
      throw LabHostError(
        .request,
        "the lab \(lab) has no network attachment \(request.attachment); it has "
          + plan.attachments.map { "@\($0.title)" }.joined(separator: ", "))
    }
    let sandbox = try sandbox(plan)
    let client = try labs.client(of: lab)
    let identity = LabIdentity.random().description
    let holder = plan.paths.programLock(identity)
    guard let hold = try FileLock(path: holder) else { throw FileError("lock \(holder)") }
    var request = request
    request.holder = identity
    let namespace: ProgramNamespace
    do {
      namespace = try await Self.namespace(request, client)
    } catch {
      try? Files.remove(holder)
      throw error
    }
    let entering = plan.sandbox.enter(
      sandbox.pid, networkNamespace: namespace.name,
      workingDirectory: FileManager.default.currentDirectoryPath, command: command)
    let result: Result<Int32, any Error>
    do {
      result = .success(
        try await run(entering, variables: namespace.variables))
    } catch {
      result = .failure(error)
    }
    if namespace.isTemporary { await remove(namespace, client, plan) }
    // Who finds it gone knows that what is left of the namespace was left on purpose.
    try? Files.remove(holder)
    _ = consume hold
    return try result.get()
  }

  /// Has the node make a namespace.
  // Where it is inlined, the compiler of Swift 6.3 crashes in release mode (coroutine splitting).
  @inline(never)
  private static func namespace(
    _ request: ProgramNamespaceRequest, _ client: LabClient
  ) async throws -> ProgramNamespace {
    let asked = try ObjectNode(encoding: request)
    return try await client.perform(.makeNamespace, asked, as: ProgramNamespace.self)
  }

  /// Runs a program to its end in the sandbox's own network namespace, where the bridges are.
  ///
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  package func runOnNode(_ command: [String]) async throws -> Int32 {
    let plan = try await labs.plan(lab)
    let entering = plan.sandbox.enter(
      try sandbox(plan).pid, networkNamespace: nil,
      workingDirectory: FileManager.default.currentDirectoryPath, command: command)
    return try await run(entering, variables: [:])
  }

  private func sandbox(_ plan: LabPlan) throws -> ProcessIdentity {
    guard FileLock.isHeld(path: plan.paths.supervisorLog) else {
      throw RegistryError.dead(lab)
    }
    for case .sandbox(let process) in try Journal(path: plan.paths.journal).entries()
    where process.isRunning { return process }
    throw RegistryError.unknownSandbox(lab)
  }

  private func run(_ command: Command, variables: [String: String]) async throws -> Int32 {
    let search = ExecutableSearch.current
    for needed in ["setpriv", "nsenter", "ip"] where search.path(of: needed) == nil {
      throw CommandError.missingProgram(needed, searched: search.folders)
    }
    var command = command
    command.environment.merge(variables) { $1 }
    // An ordinary user's PATH lacks the folders of servers.
    command.environment["PATH"] = search.folders.joined(separator: ":")
    var program = Program(command, search: search)
    program.input = .descriptor(STDIN_FILENO)
    program.output = .descriptor(STDOUT_FILENO)
    program.error = .descriptor(STDERR_FILENO)
    let signals = await PassedSignals(remark: remark)
    let (started, start) = AsyncStream.makeStream(of: Int32.self)
    let passing = Task {
      for await pid in started { await signals.pass(toChildOf: pid) }
    }
    defer { passing.cancel() }
    return switch try await program.run(started: { start.yield($0) }) {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }

  private func remove(_ namespace: ProgramNamespace, _ client: LabClient, _ plan: LabPlan) async {
    do {
      let processes = try await processes(in: namespace, plan)
      guard processes == 0 else {
        return remark(
          "\(processes) of the program's processes go on in the lab, until `pxelab down \(lab)`")
      }
      try await client.perform(.removeNamespace, .text(namespace.name))
    } catch {
      // With the lab everything of it is gone.
      if FileLock.isHeld(path: plan.paths.supervisorLog) { remark("\(error)") }
    }
  }

  /// How many processes are in a namespace. The node, which has PIDs of its own, sees none of them.
  private func processes(in namespace: ProgramNamespace, _ plan: LabPlan) async throws -> Int {
    let pids = try await SubprocessRunner().run(
      plan.sandbox.enter(
        try sandbox(plan).pid, networkNamespace: nil, workingDirectory: "/",
        command: ["ip", "netns", "pids", namespace.name]))
    return pids.split(whereSeparator: \.isWhitespace).count
  }
}
