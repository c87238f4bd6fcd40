import Execution
import ExternalCommand
import LabPlan
import LabStore

/// The lab's private libvirtd.
struct LibvirtDaemon: Sendable {
  let paths: LabPaths
  let runner: any CommandRunner

  /// Where a connection inside the sandbox goes; the same path works from outside.
  static func uri(_ paths: LabPaths) -> String {
    "qemu:///system?socket=\(paths.libvirtSocket)"
  }

  /// Starts the daemon and returns when it accepts connections: it detaches only then.
  func start() async throws {
    try await runner.run(
      Command(
        "libvirtd",
        [
          "--daemon", "--config", "\(paths.libvirtConfiguration)/libvirtd.conf", "--pid-file",
          "\(paths.libvirtSockets)/libvirtd.pid",
        ]))
  }
}
