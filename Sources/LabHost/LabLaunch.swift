import Execution
import FileSystem
import Glibc
import ImageStore
import LabStore
import Planning

/// Brings a planned lab's supervisor to life in its sandbox.
struct LabLaunch: Sendable {
  let folders: Folders
  let plan: LabPlan
  let images: [String: PreparedImage]
  /// The folder of the manifests, where files that lab.yaml names are.
  let manifestFolder: String
  /// Is told what could not be removed after a failure.
  let remark: @Sendable (String) -> Void

  /// How an attempt ended.
  private enum Attempt: Sendable {
    case started(RunningLab)
    case isUp
    /// What was in the way is gone.
    case cleared
  }

  /// How long another pxelab may take to make or remove a lab of the name.
  private static let patience: Duration = .seconds(60)

  /// Writes the lab's folder, starts the sandbox, and returns when the control API answers. What a
  /// dead lab of the name left is removed first; after an error or a cancellation nothing is left.
  ///
  /// - Returns: the running lab, or `nil` when a lab of that name is up already.
  /// - Throws: ``LabHostError``, ``RemovalError`` and those of ``LabRemoval/remove(_:)``, `FileError`.
  func start() async throws -> RunningLab? {
    let deadline = ContinuousClock.now + Self.patience
    let removal = LabRemoval(paths: plan.paths)
    repeat {
      try await removal.finishInterrupted()
      try Files.makeFolder(plan.paths.directory)
      let attempt: Attempt?
      do {
        attempt = try await FolderLock.hold(plan.paths.directory, within: Self.patience) {
          try await start(holding: $0, removal)
        }
      } catch let error as FileError where error.errno == EWOULDBLOCK {
        throw RemovalError.busy(lab: plan.lab)
      }
      switch attempt {
      case .started(let lab): return lab
      case .isUp: return nil
      case .cleared, nil: try Task.checkCancellation()
      }
    } while ContinuousClock.now < deadline
    throw RemovalError.busy(lab: plan.lab)
  }

  /// Writes the files that the lab's programs begin with; again when the plan is another.
  ///
  /// - Parameter present: the plan that the lab has; `nil` of one that is being made.
  /// - Throws: as ``LabFiles/write()``.
  func writeFiles(present: LabPlan? = nil) async throws {
    try await LabFiles(
      plan: plan, images: images, manifestFolder: manifestFolder, cache: folders.cache,
      present: present
    ).write()
  }

  private func start(holding folder: Int32, _ removal: LabRemoval) async throws -> Attempt {
    let paths = plan.paths
    if FileLock.isHeld(path: paths.supervisorLog) { return .isUp }
    guard try Files.names(in: paths.directory).isEmpty else {
      // Its failure leaves the journal, which says what the dead lab has still not given back.
      try await removal.removeHeld(folder)
      return .cleared
    }
    guard try removal.interrupted().isEmpty, let lock = try FileLock(path: paths.supervisorLog)
    else {
      try Files.remove(paths.directory)
      return .cleared
    }
    do {
      return .started(try await make(lock))
    } catch {
      do {
        try await removal.removeHeld(folder)
      } catch let leftover {
        remark("\(leftover)")
      }
      throw error
    }
  }

  /// Makes the lab in its empty folder; the sandbox's processes inherit the lock.
  private func make(_ lock: consuming FileLock) async throws -> RunningLab {
    let paths = plan.paths
    let interfaces = OutsideInterfaces(paths: paths)
    for trunk in plan.trunks { _ = try await interfaces.check(trunk.interface) }
    let journal = Journal(path: paths.journal)
    let identity = LabIdentity.random()
    try journal.append(.identity(identity))
    try journal.append(.folder(paths.directory))
    try SocketLink(paths)?.make()
    try await writeFiles()
    for function in plan.machines.flatMap(\.interfaces).compactMap(\.function) {
      try await OutsideFunctions().lend(function, journal: journal)
    }
    try Task.checkCancellation()
    let running = try await RunningLab(
      plan: plan, identity: identity, folders: folders, lock: lock)
    try journal.append(.sandbox(running.sandbox))
    try await running.waitUntilListening()
    if !plan.trunks.isEmpty {
      try await interfaces.lend(plan.trunks, to: running.sandbox, journal: journal)
    }
    return running
  }
}
