import Addresses
import LabManifest
import NetworkAttachment

/// Makes the plan of the lab's bridges out of what the network attachments ask for.
struct BridgePlanner {
  private let planner: LabPlanner
  private let servers: [ServerPlan]
  private let machines: [MachinePlan]

  init(_ planner: LabPlanner, servers: [ServerPlan], machines: [MachinePlan]) {
    self.planner = planner
    self.servers = servers
    self.machines = machines
  }

  private var engine: DataplaneEngine { planner.facts.engine.choice }

  /// The bridges, and what a person should know of them.
  ///
  /// - Throws: ``PlanningError`` for what the engine cannot do.
  func plan() throws -> (bridges: [BridgePlan], notices: [String]) {
    var bridges: [BridgePlan] = []
    var notices: [String] = []
    for attachment in planner.input.attachments {
      try checkEngine(attachment)
      let ports = ports(of: attachment)
      let filters =
        attachment.wantsVLANFiltering || ports.contains { $0.vlans != .access(.bridgeDefault) }
      guard let index = bridges.firstIndex(where: { $0.device == attachment.bridgeDevice }) else {
        bridges.append(
          BridgePlan(
            name: attachment.bridgeName, device: attachment.bridgeDevice,
            captureDevice: engine == .linuxBridge
              ? attachment.bridgeDevice : "pxl-m\(bridges.count)",
            filtersVLANs: filters, isPromiscuous: attachment.wantsPromiscuity,
            mtu: attachment.mtu, ports: ports))
        continue
      }
      if attachment.mtu != bridges[index].mtu {
        notices.append(
          "\(planner.title(of: attachment)): the bridge \(attachment.bridgeName) keeps the MTU "
            + "\(bridges[index].mtu ?? 1500) of the attachment that made it; the ports have "
            + "\(attachment.mtu ?? 1500)")
      }
      bridges[index].filtersVLANs = bridges[index].filtersVLANs || filters
      bridges[index].isPromiscuous = bridges[index].isPromiscuous || attachment.wantsPromiscuity
      bridges[index].ports += ports
    }
    return (bridges, notices)
  }

  private func ports(of attachment: NetworkAttachmentDefinition) -> [PortPlan] {
    let title = planner.title(of: attachment)
    let served = servers.filter { $0.attachment == title }.map { server in
      PortPlan(
        device: server.port,
        peer: .namespace(name: server.networkNamespace, address: server.address),
        attachment: title, vlans: .access(server.vlan ?? .bridgeDefault), mtu: attachment.mtu)
    }
    return served
      + machines.flatMap { machine in
        machine.interfaces.compactMap { interface -> PortPlan? in
          guard interface.attachment == title, let tap = interface.tap else { return nil }
          return PortPlan(
            device: tap, machine: machine.name, interface: interface.name, mac: interface.mac,
            attachment: attachment, title: title)
        }
      }
  }

  private func checkEngine(_ attachment: NetworkAttachmentDefinition) throws {
    let title = planner.title(of: attachment)
    switch (attachment.config, engine) {
    case (.localnet, .linuxBridge):
      throw PlanningError(
        description: "\(title): a localnet attachment is a port of Open vSwitch, and the lab's "
          + "dataplane is the Linux bridge: write \"dataplane: open-vswitch\" or \"auto\" in "
          + "lab.yaml")
    case (.bridge, .openVSwitch) where attachment.portVLANs.tagged.contains(.bridgeDefault):
      throw PlanningError(
        description: "\(title): vlanTrunk puts VLAN 1 on the port with a tag, and Open vSwitch's "
          + "untagged frames stand for VLAN 1: take 1 out of vlanTrunk, or write "
          + "\"dataplane: linux-bridge\" in lab.yaml on a kernel whose bridge filters VLANs")
    default: break
    }
  }
}
