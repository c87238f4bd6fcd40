import Client
import Dispatch
import Execution
import FileSystem
import FoundationEssentials
import Glibc
import LabStore
import Planning
import Sockets
import Synchronization

/// A lab that this command has started.
final class RunningLab: Sendable {
  let plan: LabPlan
  /// Tells it from others of the name.
  let identity: LabIdentity
  /// The process whose end ends the lab.
  let sandbox: ProcessIdentity
  /// The lab's API.
  let client: LabClient

  /// `nil` when it is cut.
  private let lifeline: Mutex<OpenFile?>
  private let announcement: OpenFile

  /// How long the supervisor may take before it answers.
  private static let patience: Duration = .seconds(60)

  /// Starts the sandbox; its processes inherit the lock.
  init(
    plan: LabPlan, identity: LabIdentity, folders: Folders, lock: consuming FileLock
  ) async throws {
    let lifeline = try SocketPair()
    self.lifeline = Mutex(OpenFile(owning: lifeline.near, name: "the lab's lifeline"))
    do {
      // Opened here: the sandbox has a network of its own.
      try LoopbackListener(port: 0).send(over: lifeline.near)
    } catch {
      throw LabHostError(.host, "no TCP port of 127.0.0.1 can be had for the lab's API: \(error)")
    }
    let announcement = try Pipe.closingOnExecute()
    self.announcement = OpenFile(owning: announcement.reading, name: "the lab's announcement")
    var sandboxed = Program(
      plan.launch(folders.daemon, state: folders.state, cache: folders.cache))
    sandboxed.hasOwnSession = true
    sandboxed.input = .handedOver(lifeline.far)
    sandboxed.output = .handedOver(announcement.writing)
    sandboxed.error = .descriptor(lock.descriptor)
    let (started, start) = AsyncThrowingStream.makeStream(of: Int32.self)
    // The task is never awaited: the sandbox outlives this command.
    Task { [sandboxed] in
      do {
        _ = try await sandboxed.run { start.yield($0) }
        start.finish()
      } catch {
        start.finish(throwing: error)
      }
    }
    // A start that is under way is not given up half-way.
    let pid = try await Task { try await started.first { _ in true } }.value
    _ = consume lock
    guard let pid, let sandbox = ProcessIdentity(running: pid) else {
      throw Self.failure(plan)
    }
    self.plan = plan
    self.identity = identity
    self.sandbox = sandbox
    client = LabClient(
      lab: plan.lab,
      api: LabAPI(
        socketPath: plan.paths.controlSocket, restartPatience: LabClient.restartPatience))
  }

  /// Waits until the API answers. Cancelled, it ends the sandbox.
  ///
  /// - Throws: ``LabHostError`` with the supervisor's last words when it ends instead, or says
  ///   nothing for a minute.
  func waitUntilListening() async throws {
    let announcement = announcement
    let timer = Task {
      try await Task.sleep(for: Self.patience)
      kill()
    }
    defer { timer.cancel() }
    // The end of the sandbox is the end of the pipe.
    let said: Data = await withTaskCancellationHandler {
      await onThread {
        (try? announcement.read(upTo: "listening\n".utf8.count)) ?? Data()
      }
    } onCancel: {
      kill()
    }
    try Task.checkCancellation()
    guard said == Data("listening\n".utf8) else {
      throw Self.failure(plan)
    }
  }

  /// Lets the lab go on without this command.
  func detach() throws {
    try lifeline.withLock { try $0?.write(Data("detach".utf8)) }
  }

  /// Ends the lab and removes its folder, unless another command has done so.
  ///
  /// - Returns: whether it was still there.
  /// - Throws: as ``LabRemoval/remove(_:)``.
  func end() async throws -> Bool {
    lifeline.withLock { $0 = nil }
    return try await LabRemoval(paths: plan.paths).remove(.only(identity))
  }

  /// A sandbox that cannot be killed stays in the journal, and its removal says so.
  private func kill() {
    _ = try? sandbox.signal(SIGKILL)
  }

  /// What a sandbox that has ended says by its supervisor's last words.
  private static func failure(_ plan: LabPlan) -> LabHostError {
    let text = (try? Files.text(of: plan.paths.supervisorLog)) ?? ""
    let lastWords = text.split(separator: "\n").suffix(8).joined(separator: "\n")
    return LabHostError(.host, "the sandbox could not be made\n\(lastWords)")
  }
}

/// Two unix sockets that are connected, which no program this one starts inherits by accident.
private struct SocketPair {
  let near: Int32
  let far: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw FileError("make a socket pair") }
    near = ends[0]
    far = ends[1]
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
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    DispatchQueue(label: "announcement").async { continuation.resume(returning: body()) }
  }
}
