import Execution
import LabStore
import Planning

/// Gives back what a lab has borrowed of the host.
package protocol HostLoans: Sendable {
  /// Undoes what an entry of a lab's journal says; once more does no harm.
  ///
  /// - Parameters:
  ///   - entry: a mount, an uplink or a virtual function; others are none of the host's.
  ///   - paths: where the lab's files are now.
  func giveBack(_ entry: Journal.Entry, of paths: LabPaths) async throws
}

/// The loans of this machine.
package struct SystemHostLoans: HostLoans {
  package init() {}

  package func giveBack(_ entry: Journal.Entry, of paths: LabPaths) async throws {
    switch entry {
    case .identity, .folder, .sandbox: return
    case .mount(let path): try OutsideInterfaces.release(path)
    case .uplink(let interface, let isUp):
      try await OutsideInterfaces(paths: paths).takeBack(interface, isUp: isUp)
    case .virtualFunction(let address, let driver, let restoring):
      try await OutsideFunctions().takeBack(address, driver: driver, restoring: restoring)
    }
  }
}
