import Execution
import ExternalCommand
import FileSystem
import Glibc
import LabPlan

/// The lab's private libvirtd.
struct LibvirtDaemon: Sendable {
  let paths: LabPaths
  let runner: any CommandRunner

  /// Where distributions keep libvirt's drivers: Debian and Ubuntu, Fedora.
  private static let driverFolders: [String] = [
    "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver", "/usr/lib64/libvirt/connection-driver",
  ]

  /// A folder with QEMU's driver alone: the others start slowly, and want a D-Bus and a firewall
  /// that a sandbox does not have. `nil` where the driver is somewhere else.
  private func driverFolder() throws -> String? {
    let name = "libvirt_driver_qemu.so"
    guard let folder = Self.driverFolders.first(where: { Files.exists("\($0)/\(name)") })
    else { return nil }
    let own = "\(paths.libvirtConfiguration)/drivers"
    try Files.makeFolder(own)
    guard symlink("\(folder)/\(name)", "\(own)/\(name)") == 0 else {
      throw FileError("make the link \(own)/\(name)")
    }
    return own
  }

  /// Starts the daemon and returns when it accepts connections: it detaches only then.
  func start() async throws {
    var environment: [String: String] = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    environment["LIBVIRT_DRIVER_DIR"] = try driverFolder()
    try await runner.run(
      Command(
        "libvirtd",
        [
          "--daemon", "--config", "\(paths.libvirtConfiguration)/libvirtd.conf", "--pid-file",
          "\(paths.libvirtSockets)/libvirtd.pid",
        ], environment: environment))
  }
}
