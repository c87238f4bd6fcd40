import Addresses
import Diagnosis
import DomainXML
import Planning

extension HostReport {
  /// What a machine's running domain and the dataplane as it is say of it.
  ///
  /// - Parameters:
  ///   - node: the node of several that it runs on.
  ///   - mac: the address of its boot interface.
  init(
    _ domain: Domain, machine: String, plan: LabPlan, state: DataplaneState,
    bridgeFilter: BridgeFilter?, node: String?, mac: MACAddress
  ) {
    self.init(
      engine: plan.dataplane.engine.choice.rawValue, machineType: domain.machineType ?? "",
      secureLoader: domain.hasSecureLoader, smm: domain.hasSMM, nvram: domain.variableStore,
      interfaces: domain.interfaces.compactMap { interface in
        guard let mac = interface.mac else { return nil }
        var entry = HostReport.Interface(
          mac: mac, tap: interface.target, bootOrder: interface.bootOrder, rom: interface.hasROM,
          model: interface.model)
        entry.namesakes = plan.interface(mac, of: machine)?.namesakes ?? []
        return entry
      },
      disks: domain.disks.map { disk in
        HostReport.Disk(
          name: disk.element.deviceName ?? disk.alias ?? "", bootOrder: disk.bootOrder)
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
    bootDevices = domain.bootKinds
    disksInBootOrder = domain.disks.count { $0.bootOrder != nil }
    hasRandomNumberGenerator = domain.hasRandomNumberGenerator
    processor = domain.processor?.model
    processorLacksRDRAND = domain.lacksRDRAND
    self.bridgeFilter = bridgeFilter
    uplink = node.flatMap { plan.uplink(of: mac, machine: machine, node: $0, ports: ports) }
    let port = uplink?.port?.name
    uplink?.mtu = state.ports.first { $0.device == port }?.mtu
  }
}

extension LabPlan {
  /// The uplink of the bridge that a machine's interface is on, as it is.
  fileprivate func uplink(
    of mac: MACAddress, machine: String, node: String, ports: [HostReport.Port]
  ) -> HostReport.Uplink? {
    let bridge = dataplane.bridges.first { bridge in bridge.ports.contains { $0.mac == mac } }
    guard let bridge else { return nil }
    let device = bridge.ports.first { $0.peer == .fabric }?.device
    var uplink = HostReport.Uplink(
      node: node, bridge: bridge.name, port: ports.first { $0.name == device },
      absence: bridge.absence)
    let interface = interface(mac, of: machine)
    uplink.machineMTU = interface?.mtu ?? 1500
    uplink.resourceBridge = interface?.resourceBridge
    return uplink
  }

  fileprivate func interface(_ mac: MACAddress, of machine: String) -> MachinePlan.Interface? {
    machines.first { $0.name == machine }?.interfaces.first { $0.mac == mac }
  }
}

extension Domain {
  /// Whether the CPU model is one without RDRAND; `nil` where the model does not say (`host-model`,
  /// `host-passthrough`). libvirt's cpu_map has the feature from Ivy Bridge and EPYC on.
  fileprivate var lacksRDRAND: Bool? {
    guard let processor else { return true }
    guard processor.mode == nil || processor.mode == "custom", let name = processor.model else {
      return nil
    }
    if let policy = processor.policy(ofFeature: "rdrand") {
      return policy == "disable" || policy == "forbid"
    }
    let without = [
      "qemu", "kvm", "pentium", "core", "n270", "athlon", "phenom", "486", "Conroe", "Penryn",
      "Nehalem", "Westmere", "SandyBridge", "Opteron_G1", "Opteron_G2", "Opteron_G3",
      "Opteron_G4",
    ]
    return without.contains { name.hasPrefix($0) }
  }
}
