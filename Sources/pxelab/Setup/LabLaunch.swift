import Control
import Execution
import ExternalCommand
import FileSystem
import Foundation
import Glibc
import ImageStore
import LabPlan
import LabStore
import Subprocess

/// Brings a planned lab's supervisor to life in its sandbox.
struct LabLaunch: Sendable {
  let folders: Folders
  let plan: LabPlan
  let images: [String: PreparedImage]

  /// Writes the lab's folder, starts the sandbox, and returns when the control API answers.
  ///
  /// - Returns: the running lab, or `nil` when a lab of that name is up already.
  func start() async throws -> RunningLab? {
    let paths = plan.paths
    try Files.makeFolder(paths.directory)
    guard let lock = try FileLock(path: paths.supervisorLog) else { return nil }
    let journal = Journal(path: paths.journal)
    let running: RunningLab
    do {
      try removeLeftovers()
      try journal.append(.folder(paths.directory))
      try writeFolder()
      running = try await RunningLab(plan: plan, program: folders.program, lock: lock)
    } catch {
      try Files.remove(paths.directory)
      throw error
    }
    do {
      try journal.append(.sandbox(running.sandbox))
      try await running.waitUntilListening()
    } catch {
      await running.end()
      throw error
    }
    return running
  }

  /// Empties the folder of a lab that is dead.
  private func removeLeftovers() throws {
    let directory = plan.paths.directory
    for leftover in try Files.names(in: directory)
    where "\(directory)/\(leftover)" != plan.paths.supervisorLog {
      try Files.remove("\(directory)/\(leftover)")
    }
  }

  private func writeFolder() throws {
    let paths = plan.paths
    for folder in [
      paths.libvirtSockets, paths.libvirtConfiguration, paths.libvirtLogs, paths.openVSwitch,
      "\(folders.cache)/libvirt",
    ] {
      try Files.makeFolder(folder)
    }
    try Files.write(
      LibvirtConfiguration.daemon(paths), to: "\(paths.libvirtConfiguration)/libvirtd.conf")
    try Files.write(LibvirtConfiguration.qemu, to: "\(paths.libvirtConfiguration)/qemu.conf")
    for server in plan.servers {
      try Files.makeFolder(server.directory)
      try server.image.flatMap { images[$0] }?.makeRoot(
        at: server.root, arguments: ["pxelab.stay"])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Files.write(try encoder.encode(plan), to: paths.plan)
  }
}
