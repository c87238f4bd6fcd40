import Addresses
import NetworkAttachment
import Planning

extension Topology {
  /// The topology of a planned lab; of one that runs with what is known of it, its bridges and ports
  /// as they are.
  ///
  /// - Parameter parts: what the fabric and each of several nodes have of it.
  package init(
    _ plan: LabPlan, parts: [(role: NodeRole, plan: LabPlan)] = [], state: TopologyState? = nil
  ) {
    lab = plan.lab
    phase = state?.phase
    source = state?.dataplane == nil && state?.dataplanes.isEmpty != false ? .plan : .dataplane
    engine = plan.dataplane.engine.choice.rawValue
    sandbox = ["network", "mount", "PID"] + (plan.sandbox.userNamespace ? ["user"] : [])
    nodes = parts.isEmpty ? nil : plan.nodes
    let parts = parts.isEmpty ? [(role: NodeRole.lab, plan: plan)] : parts
    let bridges = Self.joined(parts.flatMap { Self.bridges(of: $0.role, $0.plan, state) })
    self.bridges = bridges
    var places: [String: (node: String?, bridge: String)] = [:]
    for bridge in bridges {
      for port in bridge.ports where port.kind != .fabric && port.kind != .node {
        places[port.device] = (bridge.node, bridge.id)
      }
    }
    machines = plan.machines.map { machine in
      let taps = machine.interfaces.compactMap(\.tap)
      return Machine(
        name: machine.name, node: taps.lazy.compactMap { places[$0]?.node }.first,
        stage: state?.stages[machine.name],
        interfaces: machine.interfaces.map { interface in
          Interface(
            name: interface.name, mac: interface.mac, attachment: interface.attachment,
            bridge: interface.tap.flatMap { places[$0]?.bridge }, port: interface.tap,
            bootOrder: interface.bootOrder, address: state?.addresses[interface.mac])
        })
    }
    servers = plan.servers.map { server in
      Server(
        attachment: server.attachment, namespace: server.networkNamespace,
        address: server.address, vlan: server.vlan,
        program: server.command?.program ?? "dnsmasq", image: server.image,
        bridge: places[server.port]?.bridge ?? "", port: server.port)
    }
    uplinks = plan.trunks.map { trunk in
      let port = trunk.port(on: plan.dataplane.engine.choice)
      let present = state?.dataplane(of: parts[0].role)?.ports
      let vlans =
        present.map { ports in ports.first { $0.device == port }?.vlans ?? PortVLANs() }
        ?? trunk.vlans
      return Uplink(
        interface: trunk.interface, bridge: trunk.bridge, pvid: vlans.pvid, tagged: vlans.tagged,
        planned: vlans == trunk.vlans ? nil : Table(trunk.vlans),
        served: trunk.served.map(\.attachment))
    }
    podNetwork = plan.uplink != nil
  }

  /// The bridges of a node or of the fabric, or of the whole lab.
  private static func bridges(
    of role: NodeRole, _ plan: LabPlan, _ state: TopologyState?
  ) -> [Bridge] {
    let attachments = Dictionary(
      plan.servers.map { ($0.networkNamespace, $0.attachment) },
      uniquingKeysWith: { first, _ in first })
    let dataplane = state?.dataplane(of: role)
    let present = dataplane.map { dataplane in
      Dictionary(dataplane.ports.map { ($0.device, $0.vlans) }, uniquingKeysWith: { one, _ in one })
    }
    let node: String? = if case .node(let name) = role { name } else { nil }
    return plan.dataplane.bridges.map { bridge in
      let planned = bridge.ports.map { Port($0, attachments: attachments, present: present) }
      let programs =
        node == nil ? (state?.programs ?? []).filter { $0.bridge == bridge.device } : []
      return Bridge(
        name: bridge.name, device: bridge.device, node: node,
        capture: Capture(
          device: bridge.captureDevice, file: plan.paths.files(of: role).capture(bridge.device)),
        ports: planned + programs.map { Port($0, present: present) },
        gateways: bridge.gateways.map { gateway in
          Gateway(
            gateway,
            present: dataplane.map { dataplane in
              dataplane.bridges.first { $0.device == bridge.device }?
                .addresses[gateway.device] ?? []
            })
        })
    }
  }

  /// Gives the fabric's bridges the nodes' uplinks, which are planned where the nodes are.
  private static func joined(_ bridges: [Bridge]) -> [Bridge] {
    var bridges = bridges
    for index in bridges.indices where bridges[index].node == nil {
      let known = Set(bridges[index].ports.map(\.device))
      for bridge in bridges where bridge.device == bridges[index].device {
        for port in bridge.ports where port.kind == .fabric && !known.contains(port.device) {
          let all = PortVLANs.everyVLAN
          var end = port
          end.kind = .node
          end.name = bridge.node ?? ""
          (end.pvid, end.untagged, end.tagged) = (all.pvid, all.untagged, all.tagged)
          end.planned = nil
          bridges[index].ports.append(end)
        }
      }
    }
    return bridges
  }
}

extension Topology.Bridge {
  /// Tells it from the bridges of other nodes.
  var id: String { node.map { "\($0)/\(device)" } ?? device }
}

extension TopologyState {
  /// The bridges and ports of a node or of the fabric, or of the whole lab, as they are.
  fileprivate func dataplane(of role: NodeRole) -> DataplaneState? {
    role.agent.flatMap { dataplanes[$0] } ?? dataplane
  }
}

extension Topology.Table {
  fileprivate init(_ vlans: PortVLANs) {
    self.init(pvid: vlans.pvid, untagged: vlans.untagged, tagged: vlans.tagged)
  }
}

extension Topology.Gateway {
  fileprivate init(_ gateway: GatewayPlan, present: [IPNetwork]?) {
    let planned = gateway.addresses.map { "\($0)" }
    let addresses = present?.map { "\($0)" } ?? planned
    self.init(
      device: gateway.device, vlan: gateway.vlan, addresses: addresses,
      planned: Set(addresses) == Set(planned) ? nil : planned)
  }
}

extension Topology.Port {
  /// - Parameter present: the VLAN tables that are there, by the ports' devices.
  fileprivate init(
    _ port: PortPlan, attachments: [String: String], present: [String: PortVLANs]?
  ) {
    let vlans = present?[port.device] ?? port.vlans
    self.init(
      device: port.device, pvid: vlans.pvid, untagged: vlans.untagged, tagged: vlans.tagged,
      planned: vlans == port.vlans ? nil : Topology.Table(port.vlans),
      isMissing: present != nil && present?[port.device] == nil ? true : nil, kind: .machine,
      name: "")
    switch port.peer {
    case .machine(let machine, let interface):
      name = machine
      self.interface = interface
    case .namespace(let namespace, let address):
      kind = attachments[namespace] == nil ? .addressServer : .server
      name = attachments[namespace] ?? port.attachment ?? namespace
      self.namespace = namespace
      self.address = address
    case .fabric:
      kind = .fabric
      name = NodeRole.fabricName
    case .node(let uplink):
      kind = .node
      name = uplink.node
    }
  }

  fileprivate init(_ program: ProgramPort, present: [String: PortVLANs]?) {
    self.init(program.port, attachments: [:], present: present)
    kind = .program
    name = program.attachment
  }
}
