import Control
import Execution
import ExternalCommand
import FileSystem
import Foundation
import Glibc
import LabPlan
import LabStore
import Subprocess

/// A lab that this command has started.
final class RunningLab: Sendable {
  let plan: LabPlan
  /// The process whose end ends the lab.
  let sandbox: ProcessIdentity
  /// The supervisor's control API.
  let client: ControlClient

  private let lifeline: FileHandle
  private let announcement: FileHandle

  /// Starts the sandbox; its processes inherit the lock.
  init(plan: LabPlan, program: String, lock: consuming FileLock) async throws {
    let command = plan.sandbox.launch(program, ["supervise", plan.paths.plan])
    let search = ExecutableSearch.current
    guard let path = search.path(of: command.program) else {
      throw CommandError.missingProgram(command.program, searched: search.folders)
    }
    let lifeline = try Pipe.closingOnExecute()
    let announcement = try Pipe.closingOnExecute()
    var options = PlatformOptions()
    options.createSession = true
    let configuration = Configuration(
      executable: .path(.init(path)), arguments: Arguments(command.arguments),
      platformOptions: options)
    let log = lock.descriptor
    let (started, start) = AsyncThrowingStream.makeStream(of: Int32.self)
    // The task is never awaited: the sandbox outlives this command.
    Task {
      do {
        _ = try await Subprocess.run(
          configuration,
          input: .fileDescriptor(
            .init(rawValue: lifeline.reading), closeAfterSpawningProcess: true),
          output: .fileDescriptor(
            .init(rawValue: announcement.writing), closeAfterSpawningProcess: true),
          error: .fileDescriptor(.init(rawValue: log), closeAfterSpawningProcess: false)
        ) { execution in
          start.yield(Int32(execution.processIdentifier.value))
        }
        start.finish()
      } catch {
        start.finish(throwing: CommandError.notStarted(command, reason: "\(error)"))
      }
    }
    let pid = try await started.first { _ in true }
    _ = consume lock
    guard let pid, let sandbox = ProcessIdentity(running: pid) else {
      throw Failure(.lab, "the sandbox ended at once\n\(Self.lastWords(plan))")
    }
    self.plan = plan
    self.sandbox = sandbox
    self.lifeline = FileHandle(fileDescriptor: lifeline.writing, closeOnDealloc: true)
    self.announcement = FileHandle(fileDescriptor: announcement.reading, closeOnDealloc: true)
    client = ControlClient(socketPath: plan.paths.controlSocket)
  }

  /// Waits until the control API answers.
  ///
  /// - Throws: ``Failure`` with the supervisor's last words when it ends instead.
  func waitUntilListening() async throws {
    let announcement = announcement
    let said: Data = await onThread {
      (try? announcement.read(upToCount: "listening\n".utf8.count)) ?? Data()
    }
    guard said == Data("listening\n".utf8) else {
      throw Failure(.host, "the sandbox could not be made\n\(Self.lastWords(plan))")
    }
  }

  /// Lets the lab go on without this command.
  func detach() throws {
    try lifeline.write(contentsOf: Data("detach".utf8))
  }

  /// Ends the lab and removes its folder.
  func end() async {
    try? lifeline.close()
    do {
      try await LabRemoval(paths: plan.paths).remove()
    } catch {
      complain("\(error)")
    }
  }

  private static func lastWords(_ plan: LabPlan) -> String {
    let text = (try? String(contentsOfFile: plan.paths.supervisorLog, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(8).joined(separator: "\n")
  }
}

/// A pipe's two descriptors.
private struct Pipe {
  let reading: Int32
  let writing: Int32

  /// A pipe that no program this one starts inherits by accident.
  static func closingOnExecute() throws -> Pipe {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FileError("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return Pipe(reading: ends[0], writing: ends[1])
  }
}

/// Runs a blocking call on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}
