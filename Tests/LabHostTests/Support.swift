import FileSystem
import Foundation
import Glibc
import LabStore
import Synchronization
import Testing

@testable import LabHost
@testable import Planning

/// A state folder of the test's own, which goes with the value.
final class State: Sendable {
  let path: String

  init() throws {
    // Short, so that its labs need no link for their sockets.
    path = try Files.makeUniqueFolder("/tmp/pxelab-host-")
    try Files.makeFolder("\(path)/labs")
  }

  deinit { try? Files.remove(path) }

  var registry: LabRegistry {
    LabRegistry(folders: Folders(state: path, cache: "\(path)/cache", program: "/none/pxelab"))
  }

  /// Everything in the folder of labs, hidden or not.
  func labs() throws -> [String] { try Files.names(in: "\(path)/labs") }

  func paths(_ lab: String) -> LabPaths { LabPaths(stateDirectory: path, lab: lab) }

  /// Makes a lab as a crash leaves it: a folder with a journal.
  func makeDeadLab(
    _ lab: String, identity: LabIdentity? = .random(), borrowed: [Journal.Entry] = []
  ) throws {
    let paths = paths(lab)
    try Files.makeFolder(paths.directory)
    let journal = Journal(path: paths.journal)
    if let identity { try journal.append(.identity(identity)) }
    try journal.append(.folder(paths.directory))
    for entry in borrowed { try journal.append(entry) }
    try Files.write("", to: paths.supervisorLog)
  }
}

extension LabPlan {
  /// A lab of nothing.
  static func empty(_ lab: String, _ paths: LabPaths) -> LabPlan {
    LabPlan(
      lab: lab, paths: paths, nodes: ["node01"],
      sandbox: SandboxPlan(userNamespace: getuid() != 0, hidesKVM: true),
      dataplane: DataplanePlan(
        engine: Reasoned(.linuxBridge, because: "test"), bridges: [],
        directory: paths.files(of: .lab).openVSwitch),
      attachments: [], trunks: [], acceleration: Reasoned("tcg", because: "test"), servers: [],
      machines: [], notices: [])
  }
}

/// Remembers what it was asked to give back, and fails where it is told to.
final class RecordedLoans: HostLoans {
  struct Refusal: Error, Equatable {}

  private let state = Mutex((given: [Journal.Entry](), refused: Set<Journal.Entry>()))

  init(refusing refused: Set<Journal.Entry> = []) { state.withLock { $0.refused = refused } }

  var given: [Journal.Entry] { state.withLock { $0.given } }

  func giveBack(_ entry: Journal.Entry, of paths: LabPaths) async throws {
    try state.withLock { state in
      guard !state.refused.contains(entry) else { throw Refusal() }
      state.given.append(entry)
    }
  }
}

/// A program that holds a lab's lock, as the processes of its sandbox do.
final class LockHolder: Sendable {
  let identity: ProcessIdentity
  private let hasEnded: AsyncStream<Void>

  /// Starts a shell's command, whose standard error has the lock, and returns when it says a line.
  init(_ script: String, of paths: LabPaths) async throws {
    guard let lock = try FileLock(path: paths.supervisorLog) else { throw LockIsTaken() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: lock.descriptor, closeOnDealloc: false)
    let output = Pipe()
    process.standardOutput = output
    let (stream, end) = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in end.finish() }
    hasEnded = stream
    try process.run()
    _ = consume lock
    identity = try #require(ProcessIdentity(running: process.processIdentifier))
    let reading = output.fileHandleForReading
    _ = await onThread { reading.availableData }
  }

  /// Waits for its end.
  func ended() async { for await _ in hasEnded {} }

  deinit { _ = try? identity.signal(SIGKILL) }

  struct LockIsTaken: Error {}
}

/// Runs a blocking call on a thread of its own: the pool's threads are few.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}
