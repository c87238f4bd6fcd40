import Addresses
import Diagnosis
import DomainXML
import LabPlan

extension HostReport {
  /// What a machine's running domain and the dataplane as it is say of it.
  init(
    _ domain: Domain, machine: String, plan: LabPlan, state: DataplaneState,
    bridgeFilter: BridgeFilter?
  ) {
    self.init(
      engine: plan.dataplane.engine.choice.rawValue, machineType: domain.os.type.machine ?? "",
      secureLoader: domain.os.loader?.secure == .yes, smm: domain.features?.smm == .on,
      nvram: domain.os.nvram?.path,
      interfaces: domain.devices.interfaces.compactMap { interface in
        guard let mac = interface.mac?.address else { return nil }
        var entry = HostReport.Interface(
          mac: mac, tap: interface.target?.dev, bootOrder: interface.boot?.order,
          rom: interface.rom?.enabled.map { $0 == .yes }, model: interface.model?.type)
        entry.namesakes = plan.namesakes(of: mac, in: machine)
        return entry
      },
      disks: domain.devices.disks.map { disk in
        let alias = disk.alias?.name ?? ""
        return HostReport.Disk(
          name: alias.hasPrefix("ua-") ? String(alias.dropFirst(3)) : alias,
          bootOrder: disk.boot?.order)
      },
      ports: state.ports.map { port in
        var entry = HostReport.Port(
          name: port.device, pvid: port.vlans.pvid, untagged: port.vlans.untagged,
          tagged: port.vlans.tagged)
        entry.bridge =
          plan.dataplane.bridges.first { bridge in
            bridge.ports.contains { $0.device == port.device }
          }?.device
        entry.spoofedFrames = port.spoofedFrames
        return entry
      })
    bridges = state.bridges.map { Bridge(name: $0.device, forwardDelay: $0.forwardDelay) }
    bootDevices = domain.os.boot.map(\.dev)
    disksInBootOrder = domain.devices.disks.count { $0.boot != nil }
    hasRandomNumberGenerator = !domain.devices.rngs.isEmpty
    processor = domain.cpu?.model?.name
    processorLacksRDRAND = domain.lacksRDRAND
    self.bridgeFilter = bridgeFilter
  }
}

extension LabPlan {
  /// Other machines' interfaces on the same bridge and VLAN with an address of a machine's.
  fileprivate func namesakes(of mac: MACAddress, in machine: String) -> [String] {
    let ports = dataplane.bridges.flatMap { bridge in bridge.ports.map { (bridge.device, $0) } }
    let own = ports.first { _, port in
      guard case .machine(machine, _) = port.peer else { return false }
      return port.mac == mac
    }
    guard let own else { return [] }
    return ports.compactMap { bridge, port in
      guard case .machine(let name, let interface) = port.peer, port.mac == mac,
        port.device != own.1.device, bridge == own.0, port.vlans.pvid == own.1.vlans.pvid
      else { return nil }
      return "\(name)/\(interface)"
    }
  }
}

extension Domain {
  /// Whether the CPU model is one without RDRAND; `nil` where the model does not say (`host-model`,
  /// `host-passthrough`). libvirt's cpu_map has the feature from Ivy Bridge and EPYC on.
  fileprivate var lacksRDRAND: Bool? {
    guard let cpu else { return true }
    guard cpu.mode == nil || cpu.mode == "custom", let name = cpu.model?.name else { return nil }
    if let feature = cpu.feature.first(where: { $0.name == "rdrand" }) {
      return feature.policy == "disable" || feature.policy == "forbid"
    }
    let without = [
      "qemu", "kvm", "pentium", "core", "n270", "athlon", "phenom", "486", "Conroe", "Penryn",
      "Nehalem", "Westmere", "SandyBridge", "Opteron_G1", "Opteron_G2", "Opteron_G3",
      "Opteron_G4",
    ]
    return without.contains { name.hasPrefix($0) }
  }
}
