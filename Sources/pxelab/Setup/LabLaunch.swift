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
  /// The folder of the manifests, where files that lab.yaml names are.
  let manifestFolder: String

  /// Writes the lab's folder, starts the sandbox, and returns when the control API answers.
  ///
  /// - Returns: the running lab, or `nil` when a lab of that name is up already.
  func start() async throws -> RunningLab? {
    let paths = plan.paths
    try Files.makeFolder(paths.directory)
    guard let lock = try FileLock(path: paths.supervisorLog) else { return nil }
    let journal = Journal(path: paths.journal)
    // Its failure leaves the journal, which says what the dead lab has still not given back.
    try await removeLeftovers()
    let running: RunningLab
    do {
      for trunk in plan.trunks {
        _ = try await OutsideInterfaces(paths: paths).check(trunk.interface)
      }
      try journal.append(.folder(paths.directory))
      try await writeFolder()
      for function in plan.machines.flatMap(\.interfaces).compactMap(\.function) {
        try await OutsideFunctions().lend(function, journal: journal)
      }
      running = try await RunningLab(plan: plan, program: folders.program, lock: lock)
    } catch {
      try await removeLeftovers()
      try Files.remove(paths.directory)
      throw error
    }
    do {
      try journal.append(.sandbox(running.sandbox))
      try await running.waitUntilListening()
      if !plan.trunks.isEmpty {
        try await OutsideInterfaces(paths: paths)
          .lend(plan.trunks, to: running.sandbox, journal: journal)
        try await running.client.uplinksAreIn()
      }
    } catch {
      await running.end()
      throw error
    }
    return running
  }

  /// Empties the folder of a lab that is dead, and gives back what it had borrowed.
  private func removeLeftovers() async throws {
    for entry in try Journal(path: plan.paths.journal).entries().reversed() {
      switch entry {
      case .mount(let path): try OutsideInterfaces.release(path)
      case .uplink(let interface, let isUp):
        try await OutsideInterfaces(paths: plan.paths).takeBack(interface, isUp: isUp)
      case .virtualFunction(let address, let driver, let restoring):
        try await OutsideFunctions().takeBack(address, driver: driver, restoring: restoring)
      case .folder, .sandbox: break
      }
    }
    let directory = plan.paths.directory
    for leftover in try Files.names(in: directory)
    where "\(directory)/\(leftover)" != plan.paths.supervisorLog {
      try Files.remove("\(directory)/\(leftover)")
    }
  }

  private func writeFolder() async throws {
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
      for file in server.signedFiles ?? [] {
        guard Files.exists("\(server.root)/\(file)") else {
          throw Failure(.manifests, "sign: \(server.attachment) serves no \(file)")
        }
        try await LabKeys(paths: paths, runner: SubprocessRunner()).sign("\(server.root)/\(file)")
      }
      if let certificate = server.certificate {
        try await LabCertificates(runner: SubprocessRunner()).make(certificate)
      }
    }
    try await StoreTemplate(
      plan: plan, manifestFolder: manifestFolder, runner: SubprocessRunner()
    ).make()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Files.write(try encoder.encode(plan), to: paths.plan)
  }
}
