import Control
import FileSystem
import Foundation
import Glibc
import LabPlan
import LabStore

/// Removes a lab, running or dead: asks its supervisor, then undoes what the journal says.
struct LabRemoval: Sendable {
  let paths: LabPaths

  /// How long the supervisor may take to end by itself.
  private static let patience: Duration = .seconds(15)

  /// Ends the lab's processes and removes its folder. Variable stores stay.
  func remove() async throws {
    let path = paths.supervisorLog
    let journal = try Journal(path: paths.journal).entries()
    if FileLock.isHeld(path: path) {
      let asked: Bool = await askSupervisor()
      if !asked { kill(journal) }
      await waitUntilFree(path, orElse: { kill(journal) })
    }
    await waitUntilFree(paths.uplinkLog, orElse: {})
    for entry in journal.reversed() {
      switch entry {
      case .sandbox(let process): process.signal(SIGKILL)
      case .folder(let folder): try Files.remove(folder)
      case .mount(let path): try OutsideInterfaces.release(path)
      case .uplink(let interface, let isUp):
        try await OutsideInterfaces(paths: paths).takeBack(interface, isUp: isUp)
      case .virtualFunction(let address, let driver, let restoring):
        try await OutsideFunctions().takeBack(address, driver: driver, restoring: restoring)
      }
    }
    try Files.remove(paths.directory)
  }

  private func askSupervisor() async -> Bool {
    do {
      try await ControlClient(socketPath: paths.controlSocket).down()
      return true
    } catch {
      return false
    }
  }

  /// Ends the init of the namespaces, and so all in them; unshare, which holds the lock, waits for
  /// that. Were unshare killed, the lock would be free while the kernel still ends the others.
  private func kill(_ journal: [Journal.Entry]) {
    for case .sandbox(let process) in journal {
      let inits = process.children
      for child in inits.isEmpty ? [process] : inits { child.signal(SIGKILL) }
    }
  }

  private func waitUntilFree(_ path: String, orElse force: @escaping @Sendable () -> Void) async {
    let timer = Task {
      try await Task.sleep(for: Self.patience)
      force()
    }
    await onThread { FileLock.waitUntilFree(path: path) }
    timer.cancel()
  }
}
