import Client
import FileSystem
import LabManifest
import Planning

/// The labs of this user.
package struct LabRegistry: Sendable {
  /// Where they are.
  package let folders: Folders

  /// The labs below these folders.
  package init(folders: Folders) {
    self.folders = folders
  }

  private var labs: String { "\(folders.state)/labs" }

  /// The names of the labs that have a folder, sorted; not those that are being removed.
  package func names() throws -> [String] {
    try Files.names(in: labs).filter { !$0.hasPrefix(".") }
  }

  /// A name that no lab has: this one, or this one with a number.
  ///
  /// - Throws: `FileError`.
  func freeName(_ name: String) throws -> String {
    let taken = Set(try namesForRemoval())
    var free = name
    var number = 2
    while taken.contains(free) {
      free = "\(name)-\(number)"
      number += 1
    }
    return free
  }

  /// A lab's paths.
  package func paths(_ name: String) -> LabPaths {
    LabPaths(stateDirectory: folders.state, lab: name)
  }

  /// The lab that a person means by a name or by a folder of manifests; without either, the only
  /// one there is.
  ///
  /// - Throws: ``RegistryError``, ``LabHostError`` when the manifests cannot be read, `FileError`.
  package func resolve(_ argument: String?, allowingStores: Bool = false) throws -> String {
    let names = try names()
    guard let argument else {
      guard names.count <= 1 else { throw RegistryError.severalLabs(names) }
      guard let only = names.first else { throw RegistryError.noLab }
      return only
    }
    if names.contains(argument) { return argument }
    if allowingStores, isName(argument), Files.exists(paths(argument).stores) { return argument }
    if Files.exists(argument) {
      return try LabFolder.read(argument, name: nil).lab.name
    }
    throw RegistryError.unknownLab(argument, among: names)
  }

  /// The names of all labs that can be removed, also of those whose removal was cut short.
  package func namesForRemoval() throws -> [String] {
    Set(try names() + RemovedFolder.all(in: labs).map(\.lab)).sorted()
  }

  /// The lab that a person wants removed: as ``resolve(_:allowingStores:)``, and also one whose
  /// removal was cut short.
  package func resolveForRemoval(_ argument: String?, allowingStores: Bool) throws -> String {
    let unfinished = Set(try RemovedFolder.all(in: labs).map(\.lab)).sorted()
    if let argument {
      if unfinished.contains(argument) { return argument }
    } else if let first = unfinished.first, try names().isEmpty {
      guard unfinished.count == 1 else { throw RegistryError.severalLabs(unfinished) }
      return first
    }
    return try resolve(argument, allowingStores: allowingStores)
  }

  /// A client of a lab that is up.
  ///
  /// - Throws: ``RegistryError`` for one that is not, or only being made.
  package func client(of name: String) throws -> LabClient {
    let paths = paths(name)
    guard FileLock.isHeld(path: paths.supervisorLog) else {
      if FolderLock.isHeld(paths.directory) { throw RegistryError.beingMade(name) }
      if !Files.exists(paths.directory) {
        throw RegistryError.unknownLab(name, among: try names().filter { $0 != name })
      }
      throw RegistryError.dead(name)
    }
    // Who cleans /tmp up may have taken it away.
    try SocketLink(paths)?.make()
    return LabClient(
      lab: name,
      api: LabAPI(socketPath: paths.controlSocket, restartPatience: LabClient.restartPatience))
  }

  /// What a lab's objects ask of its node.
  ///
  /// - Throws: as ``client(of:)``, and the API's errors.
  package func plan(_ name: String) async throws -> LabPlan {
    try await client(of: name).plan()
  }

  /// What a lab says of itself, or what is seen of one that does not answer.
  ///
  /// - Parameter remark: is given the reason when it does not answer.
  /// - Throws: ``RegistryError``.
  package func status(_ name: String, remark: (String) -> Void) async throws -> LabStatus {
    let paths = paths(name)
    func bare(_ phase: LabStatus.Phase) -> LabStatus {
      LabStatus(lab: name, phase: phase, paths: paths)
    }
    let client: LabClient
    do {
      client = try self.client(of: name)
    } catch RegistryError.dead {
      return bare(.dead)
    }
    do {
      return try await client.status()
    } catch RegistryError.beingMade {
      return bare(.starting)
    } catch let error as APIClientError {
      if FolderLock.isHeld(paths.directory) { return bare(.starting) }
      // It may have ended, and been removed, since it was found alive.
      guard Files.exists(paths.directory) else {
        throw RegistryError.unknownLab(name, among: try names().filter { $0 != name })
      }
      let isAlive = FileLock.isHeld(path: paths.supervisorLog)
      if isAlive { remark("\(error)") }
      return bare(isAlive ? .silent : .dead)
    }
  }

  /// What all labs that are up say; see ``status(_:remark:)``. Of a lab that is only being made
  /// there is a remark, of one that is removed meanwhile there is nothing.
  package func statuses(remark: (String) -> Void) async throws -> [LabStatus] {
    var all: [LabStatus] = []
    for name in try names() {
      do {
        all.append(try await status(name, remark: remark))
      } catch RegistryError.unknownLab {
        continue
      } catch let error as RegistryError where error == .beingMade(name) {
        remark("\(error)")
      }
    }
    return all
  }

  private func isName(_ text: String) -> Bool { !text.contains("/") && !text.hasPrefix(".") }
}
