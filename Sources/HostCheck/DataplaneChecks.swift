/// Predicts, without making a device, which dataplane the kernel allows.
enum DataplaneChecks {
  /// The name of the check of the Linux bridge.
  static let bridge = "bridge VLAN filtering"

  /// Whether the kernel's bridge filters VLANs, as far as can be seen without making one.
  static func vlanFiltering(
    on probe: some HostProbe, configuration: KernelConfiguration
  ) throws(HostProbeError) -> CheckResult {
    for device in try probe.names(in: "/sys/class/net") {
      let folder = "/sys/class/net/\(device)/bridge"
      guard probe.exists(folder) else { continue }
      return probe.exists("\(folder)/vlan_filtering")
        ? CheckResult(bridge, .ok, "the bridge \(device) of this machine has it")
        : absent("the bridge \(device) of this machine lacks it")
    }
    let option = "CONFIG_BRIDGE_VLAN_FILTERING"
    return switch configuration {
    case .notFound(let reasons):
      unknown(bridge, reasons)
    case .found(let text, let path) where KernelOption(option, in: text) == .absent:
      absent("\(path) lacks \(option)")
    case .found(_, let path):
      CheckResult(bridge, .ok, "expected: \(path) has \(option)")
    }
  }

  /// Whether VLAN devices can be made, as gateways and uplinks want.
  static func vlanDevices(
    on probe: some HostProbe, configuration: KernelConfiguration
  ) -> CheckResult {
    let name = "VLAN devices (8021q)"
    if probe.exists("/proc/net/vlan/config") { return CheckResult(name, .ok, "loaded") }
    let option = "CONFIG_VLAN_8021Q"
    switch configuration {
    case .notFound(let reasons):
      return unknown(name, reasons)
    case .found(let text, let path):
      return switch KernelOption(option, in: text) {
      case .builtIn: CheckResult(name, .ok, "built in")
      case .module: CheckResult(name, .ok, "expected: a module, loaded when needed")
      case .absent:
        CheckResult(
          name, .warning, "\(path) lacks \(option); only gateways and uplinks need it",
          remedy: "run a distribution's kernel")
      }
    }
  }

  private static func absent(_ detail: String) -> CheckResult {
    CheckResult(
      bridge, .warning, "\(detail): labs use Open vSwitch",
      remedy: "run a distribution's kernel to have the Linux bridge")
  }

  private static func unknown(_ name: String, _ reasons: [HostProbeError]) -> CheckResult {
    let places =
      reasons.isEmpty ? "in no known file" : reasons.map(\.description).joined(separator: ", ")
    return CheckResult(
      name, .warning,
      "not known, for the kernel's configuration is not readable (\(places)); `up` will tell")
  }
}
