import Control
import FileSystem
import Foundation
import LabManifest
import LabPlan

/// The labs of this user.
struct LabRegistry: Sendable {
  let folders: Folders

  /// The names of the labs that have a folder, sorted.
  func names() throws -> [String] {
    try Files.names(in: "\(folders.state)/labs")
  }

  /// A lab's paths.
  func paths(_ name: String) -> LabPaths {
    LabPaths(stateDirectory: folders.state, lab: name)
  }

  /// The lab that a person means by a name or by a folder of manifests; without either, the only
  /// one there is.
  func resolve(_ argument: String?, allowingStores: Bool = false) throws -> String {
    let names = try names()
    guard let argument else {
      guard names.count <= 1 else {
        throw Failure(.usage, "which lab? There are \(names.joined(separator: ", "))")
      }
      guard let only = names.first else { throw Failure(.lab, "no lab is up") }
      return only
    }
    if names.contains(argument) { return argument }
    if allowingStores, isName(argument), Files.exists(paths(argument).stores) { return argument }
    if FileManager.default.fileExists(atPath: argument) {
      return try LabFolder.read(argument, name: nil).lab.name
    }
    throw Failure(
      .lab,
      "no lab named \(argument) is up"
        + (names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))"))
  }

  /// What a lab's supervisor says, or what its folder shows when that does not answer.
  func status(_ name: String) async throws -> LabStatus {
    let paths = paths(name)
    let lives = FileLock.isHeld(path: paths.supervisorLog)
    if lives {
      do {
        return try await ControlClient(socketPath: paths.controlSocket).status()
      } catch let error as ControlError {
        complain("\(error)")
      }
    }
    var status = LabStatus(try plan(name))
    status.phase = lives ? .silent : .dead
    return status
  }

  /// The plan that a lab was made by.
  func plan(_ name: String) throws -> LabPlan {
    let path = paths(name).plan
    do {
      return try JSONDecoder().decode(LabPlan.self, from: try Files.read(path))
    } catch {
      throw Failure(
        .lab,
        "the lab \(name) left no usable plan (\(reason(of: error))); `pxelab down \(name)` removes it"
      )
    }
  }

  private func isName(_ text: String) -> Bool { !text.contains("/") && !text.hasPrefix(".") }
}
