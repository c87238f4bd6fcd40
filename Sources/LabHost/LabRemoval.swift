import FileSystem
import Glibc
import LabStore
import Planning

/// Removes a lab, running or dead: takes its folder out of sight, ends its processes, undoes what the
/// journal says, and removes the folder. Variable stores stay.
///
/// The folder is renamed first, in one step, so that who reads the labs sees this one whole or not at
/// all. A removal that is cut short is finished by ``finishInterrupted()``. The journal is shortened
/// with each step, so nothing is undone twice.
package struct LabRemoval: Sendable {
  /// Which lab of the name is meant.
  package enum Target: Sendable {
    /// Whichever is there.
    case any
    /// This one alone; another's is left as it is.
    case only(LabIdentity)
    /// One of which no process is left.
    case dead
  }

  private let paths: LabPaths
  private let loans: any HostLoans
  private let patience: Duration
  private let keepsEvidence: Bool

  /// The removal of the lab with these paths.
  ///
  /// - Parameters:
  ///   - loans: gives back what the lab has borrowed.
  ///   - patience: how long each may take: another pxelab that makes or removes the lab, the
  ///     processes to end when they are killed.
  ///   - keepsEvidence: whether its logs and captures go to ``KeptEvidence``.
  package init(
    paths: LabPaths, loans: any HostLoans = SystemHostLoans(), patience: Duration = .seconds(15),
    keepsEvidence: Bool = true
  ) {
    self.paths = paths
    self.keepsEvidence = keepsEvidence
    self.loans = loans
    self.patience = patience
  }

  /// Removes the lab, also when the caller is cancelled meanwhile.
  ///
  /// - Returns: whether there was one that is meant.
  /// - Throws: ``RemovalError``, `JournalError`, `FileError`, and what giving back throws. What is not
  ///   removed then is removed by the next attempt.
  @discardableResult
  package func remove(_ target: Target = .any) async throws -> Bool {
    try await uncancelled {
      try await locked(paths.directory) { folder in
        guard try isMeant(target) else { return false }
        try await remove(holding: folder)
        return true
      } ?? false
    }
  }

  /// Removes the lab, whose folder's lock the caller holds; `folder` is its descriptor.
  func removeHeld(_ folder: Int32) async throws {
    try await uncancelled { try await remove(holding: folder) }
  }

  /// Finishes the removals of labs of this name that were cut short; waits for those that go on.
  ///
  /// - Returns: how many there were.
  /// - Throws: as ``remove(_:)``.
  @discardableResult
  package func finishInterrupted() async throws -> Int {
    let leftovers = try interrupted()
    for leftover in leftovers {
      try await uncancelled {
        _ = try await locked(leftover.path) { folder in
          let lines = try Journal(path: journal(in: leftover.path)).lines()
          if let failure = try await finish(leftover.path, lines) { throw failure }
        }
      }
    }
    return leftovers.count
  }

  /// The folders of labs of this name whose removal goes on or was cut short.
  func interrupted() throws(FileError) -> [RemovedFolder] {
    try RemovedFolder.all(in: Files.parent(of: paths.directory)).filter { $0.lab == name }
  }

  private func isMeant(_ target: Target) throws -> Bool {
    switch target {
    case .any: true
    case .only(let identity): try Journal(path: paths.journal).identity() == identity
    case .dead: !FileLock.isHeld(path: paths.supervisorLog)
    }
  }

  private func remove(holding folder: Int32) async throws {
    // A journal that is not understood leaves the lab where it is.
    let journal = Journal(path: paths.journal)
    let lines = try journal.lines()
    // While the name is this lab's: the link of the next one has the same.
    try SocketLink(paths)?.remove()
    let removed = RemovedFolder(of: paths.directory, try journal.identity() ?? .random())
    try Files.rename(paths.directory, to: removed.path)
    let failure = try await finish(removed.path, lines)
    try await removeRemains()
    if let failure { throw failure }
  }

  /// Ends, undoes and removes what is in a folder that was renamed.
  ///
  /// - Returns: why nothing was kept of it, where that failed: no reason to leave the lab.
  private func finish(
    _ directory: String, _ lines: [Journal.Line]
  ) async throws -> RemovalError? {
    let moved = LabPaths(directory: directory, stores: paths.stores)
    try await endProcesses(moved, lines.map(\.entry))
    let journal = Journal(path: moved.journal)
    var former = paths.directory
    for case .folder(let path) in lines.map(\.entry) { former = path }
    for line in lines.reversed() {
      switch line.entry {
      case .identity, .folder: continue
      case .sandbox(let process): try process.signal(SIGKILL)
      case .mount(let path):
        try await loans.giveBack(.mount(path.moved(from: former, to: directory)), of: moved)
      case .uplink, .virtualFunction: try await loans.giveBack(line.entry, of: moved)
      }
      try journal.cut(from: line)
    }
    let failure = keepsEvidence ? evidenceKept(of: directory) : nil
    try Files.remove(directory)
    return failure
  }

  private func evidenceKept(of directory: String) -> RemovalError? {
    do throws(FileError) {
      let state = Files.parent(of: Files.parent(of: directory))
      try KeptEvidence(stateFolder: state).take(from: directory, lab: name)
      return nil
    } catch {
      return .nothingKept(lab: name, reason: "\(error)")
    }
  }

  /// Removes what a process of the lab has made anew at the lab's path before it was ended. A lab that
  /// is made there by now has its maker's lock or a journal.
  private func removeRemains() async throws {
    do {
      _ = try await FolderLock.hold(paths.directory, within: .zero) { _ in
        if !Files.exists(paths.journal), !FileLock.isHeld(path: paths.supervisorLog) {
          try Files.remove(paths.directory)
        }
      }
    } catch let error as FileError where error.errno == EWOULDBLOCK {
      return
    }
  }

  private func endProcesses(
    _ moved: LabPaths, _ entries: [Journal.Entry]
  ) async throws {
    let log = moved.supervisorLog
    if FileLock.isHeld(path: log) {
      try kill(entries)
      if try await !FileLock.waitUntilFree(path: log, within: patience) {
        for case .sandbox(let process) in entries { try process.signal(SIGKILL) }
        guard try await FileLock.waitUntilFree(path: log, within: patience) else {
          throw RemovalError.processesStay(lab: name, folder: moved.directory)
        }
      }
    }
    guard try await FileLock.waitUntilFree(path: moved.uplinkLog, within: patience) else {
      throw RemovalError.uplinkStays(lab: name, folder: moved.directory)
    }
  }

  /// Ends the init of the namespaces, and so all in them; unshare, which holds the lock, waits for
  /// that. Were unshare killed, the lock would be free while the kernel still ends the others.
  private func kill(_ entries: [Journal.Entry]) throws {
    for case .sandbox(let process) in entries {
      let inits = process.children
      for child in inits.isEmpty ? [process] : inits { try child.signal(SIGKILL) }
    }
  }

  private var name: String { Files.name(of: paths.directory) }

  private func journal(in directory: String) -> String {
    LabPaths(directory: directory, stores: paths.stores).journal
  }

  private func locked<Value>(
    _ path: String, _ body: (Int32) async throws -> Value
  ) async throws -> Value? {
    do {
      return try await FolderLock.hold(path, within: patience * 4, body)
    } catch let error as FileError where error.errno == EWOULDBLOCK {
      throw RemovalError.busy(lab: name)
    }
  }

  private func uncancelled<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await Task { try await body() }.value
  }
}

extension String {
  /// The path that something below a folder has after the folder was renamed.
  fileprivate func moved(from folder: String, to other: String) -> String {
    hasPrefix(folder + "/") ? other + dropFirst(folder.count) : self
  }
}
