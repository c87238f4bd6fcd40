import Objects

/// The settings of a cluster that bear on launcher pods (kubevirt.io/api/core/v1,
/// KubeVirtConfiguration; pkg/virt-config).
package struct LauncherSettings: Hashable, Sendable {
  /// How many virtual processors share a processor.
  package var cpuAllocationRatio = 10
  /// Percent of what is requested that guests get.
  package var memoryOvercommit = 100
  /// Whether machines run without KVM.
  package var usesEmulation = false
  /// Labels that all nodes of machines must have.
  package var nodeSelectors: [String: String] = [:]
  /// What the overhead is multiplied by.
  package var overheadRatio = 1.0
  /// The devices that machines may have, by resource name; `nil` where nothing is said of that.
  package var permittedDevices: Set<String>?
  /// Whether a container logs the serial console.
  package var logsSerialConsole = true

  /// The settings of a cluster as it is installed.
  package init() {}

  /// Those of a KubeVirt.
  mutating func decode(configuration: Field) {
    let developer = configuration["developerConfiguration"]
    if let ratio = developer["cpuAllocationRatio"].integer { cpuAllocationRatio = ratio }
    if let percent = developer["memoryOvercommit"].integer, percent > 0 {
      memoryOvercommit = percent
    }
    usesEmulation = developer["useEmulation"].boolean ?? false
    nodeSelectors = developer["nodeSelectors"].strings
    let ratio = configuration["additionalGuestMemoryOverheadRatio"]
    if let text = ratio.string {
      if let value = Double(text) {
        overheadRatio = value
      } else {
        ratio.error("\(text.debugDescription) is no number; write one such as \"1.5\"")
      }
    }
    decode(devices: configuration["permittedHostDevices"])
    logsSerialConsole = !configuration["virtualMachineOptions"]["disableSerialConsoleLog"].exists
  }

  /// Those of a HyperConverged, which keeps them elsewhere.
  mutating func decode(_ spec: HyperConvergedSpec) {
    if let ratio = spec["resourceRequirements", "vmiCPUAllocationRatio"].integer {
      cpuAllocationRatio = ratio
    }
    if let percent = spec["higherWorkloadDensity", "memoryOvercommitPercentage"].integer,
      percent > 0
    {
      memoryOvercommit = percent
    }
    decode(devices: spec["permittedHostDevices"])
    // The CRD's default is no log.
    logsSerialConsole =
      spec["virtualMachineOptions", "disableSerialConsoleLog"].boolean == false
  }

  private mutating func decode(devices field: Field) {
    guard field.exists else { return }
    var names: Set<String> = []
    for list in ["pciHostDevices", "mediatedDevices", "usb"] {
      for device in field[list].items {
        if let name = device["resourceName"].string { names.insert(name) }
      }
    }
    permittedDevices = names
  }
}
