extension Machine {
  /// The machine as KubeVirt's mutating webhook leaves it: a pod interface when it has no network
  /// at all, and a SATA disk for each volume without one (pkg/defaults).
  package func withDefaults() -> Machine {
    var machine = self
    if autoattachPodInterface, interfaces.isEmpty, networks.isEmpty {
      machine.interfaces = [NetworkInterface(name: "default", bindings: [.bridge])]
      machine.networks = [Network(name: "default", isPod: true)]
    }
    let diskNames = Set(disks.map(\.name))
    for volume in volumes where !diskNames.contains(volume.name) && volume.becomesDisk {
      machine.disks.append(Disk(name: volume.name, bus: "sata"))
    }
    return machine
  }
}

extension Volume {
  /// Whether the volume is shown to the guest as a disk.
  fileprivate var becomesDisk: Bool {
    switch source {
    case nil: false
    case .other(let kind): !["downwardMetrics", "memoryDump", "containerPath"].contains(kind)
    default: true
    }
  }
}
