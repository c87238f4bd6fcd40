import ExternalCommand
import FileSystem
import Libvirt
import Parts
import Planning

/// The lab's private libvirtd.
struct LibvirtDaemon: Sendable {
  let files: NodePaths
  /// What people call it.
  let title: String

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
    let own = "\(files.libvirtConfiguration)/drivers"
    try Files.makeFolder(own)
    try Files.remove("\(own)/\(name)")
    try Files.link("\(own)/\(name)", to: "\(folder)/\(name)")
    return own
  }

  /// The process that runs a domain's guest; `nil` when none does.
  static func emulator(of domain: String) -> Int32? {
    (try? Files.text(of: "/run/libvirt/qemu/\(domain).pid")).flatMap {
      Int32($0.prefix { !$0.isWhitespace })
    }
  }

  /// The daemon, which detaches when it accepts connections. Machines go on without it, and it finds
  /// them again.
  func part() throws -> Part {
    var environment: [String: String] = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    environment["LIBVIRT_DRIVER_DIR"] = try driverFolder()
    let pidFile = "\(files.libvirtSockets)/libvirtd.pid"
    let probe = DaemonProbe(uri: files.libvirtURI)
    return Part(
      title: title,
      start: .detaching(
        Command(
          "libvirtd",
          [
            "--daemon", "--config", "\(files.libvirtConfiguration)/libvirtd.conf", "--pid-file",
            pidFile,
          ], environment: environment), pidFile: pidFile),
      log: "\(files.libvirtLogs)/libvirtd.log", note: "\(files.libvirtSockets)/libvirtd.part",
      // It has much to do while machines start.
      policy: PartPolicy(
        probeInterval: .seconds(10), probeLimit: .seconds(10), hungPatience: .seconds(60)),
      probe: { try await probe.check(within: .seconds(10)) })
  }
}
