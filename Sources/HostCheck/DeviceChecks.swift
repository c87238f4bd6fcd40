/// Whether taps and virtual machines can be made.
enum DeviceChecks {
  /// Whether taps can be made.
  static func tun(on probe: some HostProbe) -> CheckResult {
    let path = "/dev/net/tun"
    return switch probe.access(to: path) {
    case .allowed:
      CheckResult(path, .ok, "readable and writable")
    case .missing:
      CheckResult(path, .missing, "does not exist", remedy: "`sudo modprobe tun`")
    case .denied(let reason):
      CheckResult(
        path, .missing, "cannot be opened: \(reason)",
        remedy: "`sudo chmod 0666 \(path)`, its customary mode (the kernel still checks who may "
          + "make which tap)")
    }
  }

  /// Whether KVM works, and whether it does for Secure Boot.
  static func kvm(state: KVMState, processors: String) -> CheckResult {
    let name = "KVM"
    if let obstacle = Acceleration.obstacle(
      kvm: state, processors: processors, needsSystemManagementMode: false)
    {
      return CheckResult(
        name, .warning, "\(obstacle.reason): machines run with TCG, slower",
        remedy: obstacle.remedy)
    }
    if let obstacle = Acceleration.obstacle(
      kvm: state, processors: processors, needsSystemManagementMode: true)
    {
      return CheckResult(
        name, .warning, "\(obstacle.reason): machines with Secure Boot run with TCG, slower",
        remedy: obstacle.remedy)
    }
    return CheckResult(name, .ok, "usable, with SMM for Secure Boot")
  }
}
