import Addresses
import Diagnosis
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
      if let notice = virtualFunctionNotice(attachment) { notices.append(notice) }
      var ports = ports(of: attachment)
      let server = try addressServer(of: attachment, ports: ports)
      if let server { ports.append(server.port) }
      let filters =
        attachment.wantsVLANFiltering || ports.contains { $0.vlans != .access(.bridgeDefault) }
      guard let index = bridges.firstIndex(where: { $0.device == attachment.bridgeDevice }) else {
        bridges.append(
          BridgePlan(
            name: attachment.bridgeName, device: attachment.bridgeDevice,
            captureDevice: engine == .linuxBridge
              ? attachment.bridgeDevice : DeviceName.mirror(bridge: attachment.bridgeDevice),
            filtersVLANs: filters, isPromiscuous: attachment.wantsPromiscuity,
            mtu: attachment.mtu, forwardDelay: forwardDelay(of: attachment),
            ports: ports))
        try add(attachment, server?.plan, to: &bridges[bridges.count - 1])
        continue
      }
      if attachment.mtu != bridges[index].mtu {
        notices.append(
          "\(planner.title(of: attachment)): its ports have an MTU of \(attachment.mtu ?? 1500), "
            + "others on the bridge \(attachment.bridgeName) have \(bridges[index].mtu ?? 1500): "
            + "frames that are larger than a port's do not leave by it")
      }
      bridges[index].filtersVLANs = bridges[index].filtersVLANs || filters
      bridges[index].isPromiscuous = bridges[index].isPromiscuous || attachment.wantsPromiscuity
      bridges[index].ports += ports
      try add(attachment, server?.plan, to: &bridges[index])
    }
    for index in bridges.indices { join(&bridges[index]) }
    return (bridges, notices + unsaid(bridges))
  }

  /// That bridges of several nodes are joined to the fabric although no policy says so.
  private func unsaid(_ bridges: [BridgePlan]) -> [String] {
    guard planner.role == .lab, planner.input.nodes.count > 1 else { return [] }
    return bridges.compactMap { bridge in
      let attachment = planner.input.attachments.first { $0.bridgeDevice == bridge.device }
      guard let attachment, planner.input.connection(of: attachment, on: nil) == .unsaid else {
        return nil
      }
      return
        "\(bridge.name): no NodeNetworkConfigurationPolicy says how nodes join it to the network "
        + "between them, so each does by a trunk of all VLANs"
    }
  }

  /// Joins a node's bridge to the fabric, or the fabric's to the nodes.
  private func join(_ bridge: inout BridgePlan) {
    let attachments = planner.input.attachments.filter { $0.bridgeDevice == bridge.device }
    let mtu = attachments.compactMap(\.mtu).max()
    switch planner.role {
    case .lab, .only: break
    case .node(let name):
      guard let attachment = attachments.first else { break }
      let connection = planner.input.connection(of: attachment, on: planner.node)
      bridge.absence = HostReport.Uplink.Absence(
        connection, network: attachment.bridgeName, node: name)
      guard bridge.absence == nil else { break }
      let labels = planner.node?.labels
      let said = connection.port.flatMap {
        planner.input.nodeNetworks.mtu(of: $0, labels: labels)?.bytes
      }
      bridge.ports.append(
        PortPlan(
          device: DeviceName.nodeUplink(name, bridge: bridge.device), peer: .fabric,
          vlans: connection.port?.vlans ?? .everyVLAN, mtu: said ?? mtu))
    case .fabric:
      bridge.ports += planner.joined.filter { uplink in
        uplink.device == DeviceName.nodeUplink(uplink.node, bridge: bridge.device)
      }.map { uplink in
        PortPlan(device: uplink.device, peer: .node(uplink), vlans: .everyVLAN, mtu: mtu)
      }
    }
  }

  /// What an SR-IOV attachment's machines have instead of virtual functions, or do without.
  private func virtualFunctionNotice(_ attachment: NetworkAttachmentDefinition) -> String? {
    guard case .sriov = attachment.config else { return nil }
    let title = planner.title(of: attachment)
    let interfaces = machines.flatMap { machine in
      machine.interfaces.filter { $0.attachment == title }.map { (machine.name, $0) }
    }
    let without = interfaces.filter { $0.1.function == nil }.map { "\($0.0)/\($0.1.name)" }
    guard without.isEmpty, !interfaces.isEmpty else {
      let asked =
        planner.facts.virtualFunctionCards.isEmpty
        ? "no card is named for its resource (--sriov RESOURCE=CARD)"
        : "no virtual function is left for \(without.joined(separator: ", "))"
      return "\(title): \(asked), so its machines have access ports of "
        + "\(attachment.vlan.map { "VLAN \($0)" } ?? "the untagged network") on the bridge "
        + attachment.bridgeName
    }
    return "\(title): its machines have virtual functions, whose frames the lab neither serves nor "
      + "sees: the server is one on the card's network"
  }

  /// The server of the addresses that an attachment's `ipam` assigns, and its port.
  private func addressServer(
    of attachment: NetworkAttachmentDefinition, ports: [PortPlan]
  ) throws -> (plan: AddressServerPlan, port: PortPlan)? {
    guard let ipam = attachment.ipam else { return nil }
    let title = planner.title(of: attachment)
    var leases: [AddressServerPlan.Lease] = []
    for (index, mac) in ports.compactMap(\.mac).enumerated() {
      guard let addresses = ipam.addresses(ofPort: index) else {
        throw PlanningError(
          description: "\(title): ipam: no IP addresses available in range set for port "
            + "\(index + 1) of \(ports.count): widen its range")
      }
      let routes =
        if case .bridge(let bridge) = attachment.config {
          bridge.routes(for: addresses)
        } else {
          ipam.routes
        }
      leases.append(AddressServerPlan.Lease(mac: mac, addresses: addresses, routes: routes))
    }
    guard leases.contains(where: { !$0.addresses.isEmpty }) else { return nil }
    let plan = AddressServerPlan(
      attachment: title,
      networkNamespace: "ipam_\(DeviceName.digits("\(planner.role.prefix)\(attachment.key)"))",
      directory: planner.paths.files(of: planner.role).directory, mtu: attachment.mtu,
      leases: leases)
    // As KubeVirt's own of the pod's bridges (getFakeBridgeIP); which one does not matter, as long as
    // servers of one VLAN have different ones.
    let number = StableIdentity.digest("\(attachment.key)") % 200
    let port = PortPlan(
      device: DeviceName.addressServer(attachment.key),
      peer: .namespace(
        name: plan.networkNamespace, address: IPv4Network("169.254.75.\(10 + number)/32")),
      attachment: title, vlans: .access(attachment.vlan ?? .bridgeDefault), mtu: attachment.mtu)
    return (plan, port)
  }

  /// As the node's policy has it, of which the last for a bridge counts.
  private func forwardDelay(of attachment: NetworkAttachmentDefinition) -> Int? {
    guard planner.role != .fabric else { return nil }
    return planner.input.connection(of: attachment, on: planner.node).bridge
      .flatMap { $0.spansTree ? $0.forwardDelay : nil }
  }

  /// Puts the server of `ipam` on a bridge, and what the node has for its ports: the gateway's
  /// addresses, and masquerading.
  private func add(
    _ attachment: NetworkAttachmentDefinition, _ server: AddressServerPlan?,
    to bridge: inout BridgePlan
  ) throws {
    if let server { bridge.addressServers.append(server) }
    guard case .bridge(let config) = attachment.config, let ipam = config.ipam else { return }
    // Without a machine the gateway is there all the same, for what `exec` runs.
    let assigned = server?.leases.map(\.addresses) ?? ipam.addresses(ofPort: 0).map { [$0] } ?? []
    for addresses in assigned {
      do {
        try bridge.serve(
          addresses, of: config, network: attachment.networkName, engine: engine)
      } catch {
        throw PlanningError(
          description: "\(planner.title(of: attachment)): \(error): give the attachments of one "
            + "VLAN the same gateway")
      }
    }
  }

  private func ports(of attachment: NetworkAttachmentDefinition) -> [PortPlan] {
    let title = planner.title(of: attachment)
    let served = servers.filter { planner.role.serves && $0.attachment == title }.map { server in
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

extension HostReport.Uplink.Absence {
  /// Why a node's bridge is not joined to the fabric; `nil` where it is.
  ///
  /// - Parameter network: the bridge, or the physical network, as the attachment names it.
  init?(_ connection: NodeConnection, network: String, node: String) {
    switch connection {
    case .unsaid, .joined: return nil
    case .withoutPort: self = .noPort
    case .otherNodes: self = .otherNodes
    case .otherName(let bridge): self = .otherName(bridge.name)
    case .unmapped(let mismatch): self = .unmapped(mismatch.clause(network: network, node: node))
    }
  }
}
