/// Whether the programs are installed that a lab runs.
enum ProgramChecks {
  /// One result per program.
  ///
  /// - Parameter bridgeWorks: whether the Linux bridge can be the dataplane, so that Open vSwitch
  ///   is a choice and not a need.
  static func results(
    on probe: some HostProbe, distribution: Distribution, bridgeWorks: Bool
  ) -> [CheckResult] {
    RequiredProgram.all.map { program in
      if let path = probe.path(ofProgram: program.name) {
        return CheckResult(program.name, .ok, path)
      }
      let needed: Bool =
        switch program.use {
        case .rootlessSandbox: !probe.account.isRoot
        case .openVSwitch: !bridgeWorks
        case .linuxBridge: bridgeWorks
        case .signing, .https: false
        default: true
        }
      return CheckResult(
        program.name, needed ? .missing : .warning,
        needed ? "not installed" : "not installed, and not needed as things are",
        remedy: distribution.installCommand([program.package]))
    }
  }

  /// Whether libvirt can drive QEMU, which is a plug-in of its own package.
  static func qemuDriver(on probe: some HostProbe, distribution: Distribution) -> CheckResult {
    let name = "libvirt's QEMU driver"
    let folders = [
      "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib",
    ]
    let files = folders.map { "\($0)/libvirt/connection-driver/libvirt_driver_qemu.so" }
    if let file = files.first(where: probe.exists) { return CheckResult(name, .ok, file) }
    let package = "libvirt-daemon-driver-qemu"
    return CheckResult(
      name, .missing, "libvirt_driver_qemu.so is in no known folder",
      remedy: distribution.installCommand([PackageName(debian: package, fedora: package)]))
  }
}
