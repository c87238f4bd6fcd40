import Execution
import ExternalCommand
import FileSystem
import Glibc
import LabStore

/// Why a part could not be started.
package struct PartError: Error, Sendable, CustomStringConvertible {
  /// The part's title.
  package let title: String
  /// A predicate, with the part's last words where it had some: `could not be started: ...`.
  package let reason: String
  /// Whether trying again would not help.
  package let isFinal: Bool

  /// A sentence for a person.
  package var description: String { "\(title) \(reason)" }
}

/// Starts a part's process, and finds it again.
struct PartLaunch {
  let part: Part
  let runner: any CommandRunner

  private static let urgentNice = -10

  private var note: PartNote { PartNote(path: part.note) }

  /// The process that an earlier program started, where it still runs. One that was started otherwise
  /// than it is to be now is ended.
  func adopted() async -> PartProcess? {
    let process = await found()
    if let process { await weigh(process) }
    return process
  }

  private func weigh(_ process: PartProcess) async {
    guard part.policy.isUrgent else { return }
    await ProcessorWeight(of: process.identity.pid).setNice(Self.urgentNice)
  }

  private func found() async -> PartProcess? {
    if let (process, launch) = note.process() {
      if launch == part.launch { return process }
      await end(process)
      note.remove()
      return nil
    }
    // Somebody else started it, or a crash came between the start and the note.
    guard case .detaching(let command, let pidFile) = part.start,
      let process = process(inPIDFile: pidFile),
      Self.name(of: process.identity.pid) == String(Files.name(of: command.program).prefix(15))
    else { return nil }
    try? note.write(process, part.launch)
    return process
  }

  /// Ends a process: by SIGTERM and, when that is not heeded, by SIGKILL.
  func end(_ process: PartProcess) async {
    process.signal(SIGTERM)
    // One that is stopped takes a signal only when it goes on.
    process.signal(SIGCONT)
    let end = { @Sendable in _ = try await process.ended() }
    do {
      try await withinTime(part.policy.stopLimit, end)
    } catch {
      process.signal(SIGKILL)
      // Reaps it, whatever this task's fate is.
      _ = await Task { try? await withinTime(part.policy.stopLimit, end) }.value
    }
  }

  /// Starts it; returns when it serves.
  ///
  /// - Throws: ``PartError``, `CancellationError`.
  func start() async throws -> PartProcess {
    let words = LastWords.size(of: part.log)
    do {
      try await part.prepare?()
      let process =
        switch part.start {
        case .foreground(_, let folder, let readyFile):
          try await startInForeground(folder, readyFile: readyFile)
        case .detaching(_, let pidFile):
          try await startDetaching(pidFile: pidFile)
        }
      await weigh(process)
      try note.write(process, part.launch)
      return process
    } catch let error as CancellationError {
      throw error
    } catch let error as PartError {
      throw error
    } catch {
      let isFinal =
        if case CommandError.missingProgram? = error as? CommandError { true } else { false }
      let said = LastWords.read(part.log, from: words)
      throw PartError(
        title: part.title,
        reason: "could not be started: \(error)"
          + (said.isEmpty ? "" : ". Its last words:\n\(said)"), isFinal: isFinal)
    }
  }

  private func startInForeground(_ folder: String?, readyFile: String?) async throws -> PartProcess
  {
    if let readyFile { try Files.remove(readyFile) }
    let pid = try Spawn.start(
      part.command, workingDirectory: folder, input: part.input, output: part.log)
    // Nobody else waits for a child of this process, so its number is its own until then.
    guard let identity = ProcessIdentity(running: pid), let process = PartProcess(identity) else {
      throw PartError(title: part.title, reason: "has ended at once", isFinal: false)
    }
    guard let readyFile else { return process }
    do {
      try await withinTime(part.policy.startLimit) {
        try await ready(process, file: readyFile)
      }
      return process
    } catch {
      process.signal(SIGKILL)
      await end(process)
      throw error
    }
  }

  private func ready(_ process: PartProcess, file: String) async throws {
    try await withThrowingTaskGroup(of: ProcessEnd?.self) { group in
      group.addTask { try await process.ended() }
      group.addTask {
        try await FileAppearance.wait(for: file)
        return nil
      }
      defer { group.cancelAll() }
      if let end = try await group.next() ?? nil { throw ReadinessError(end: end) }
    }
  }

  private func startDetaching(pidFile: String) async throws -> PartProcess {
    try Files.remove(pidFile)
    let command = part.command
    _ = try await withinTime(part.policy.startLimit) { [runner] in try await runner.run(command) }
    guard let process = process(inPIDFile: pidFile) else {
      throw PartError(
        title: part.title,
        reason: "has detached itself, but \(pidFile) names no process that runs", isFinal: false)
    }
    return process
  }

  private func process(inPIDFile path: String) -> PartProcess? {
    guard let text = try? Files.text(of: path),
      let pid = Int32(text.prefix { !$0.isWhitespace }), pid > 0,
      let identity = ProcessIdentity(running: pid)
    else { return nil }
    return PartProcess(identity)
  }

  /// The name of a process's program, at most 15 bytes (proc(5), /proc/PID/comm).
  private static func name(of pid: Int32) -> String? {
    (try? Files.text(of: "/proc/\(pid)/comm")).map { String($0.prefix { $0 != "\n" }) }
  }
}

/// A program ended before it served.
private struct ReadinessError: Error, CustomStringConvertible {
  let end: ProcessEnd

  var description: String { "it \(end) before it served" }
}
