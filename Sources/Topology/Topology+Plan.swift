import Addresses
import LabPlan
import NetworkAttachment

extension Topology {
  /// The topology of a planned lab; of one that runs with what is known of it, its bridges and ports
  /// as they are.
  package init(_ plan: LabPlan, state: TopologyState? = nil) {
    lab = plan.lab
    phase = state?.phase
    source = state?.dataplane == nil ? .plan : .dataplane
    engine = plan.dataplane.engine.choice.rawValue
    sandbox = ["network", "mount", "PID"] + (plan.sandbox.userNamespace ? ["user"] : [])
    let attachments = Dictionary(
      plan.servers.map { ($0.networkNamespace, $0.attachment) },
      uniquingKeysWith: { first, _ in first })
    let present = state?.dataplane.map { dataplane in
      Dictionary(dataplane.ports.map { ($0.device, $0.vlans) }, uniquingKeysWith: { one, _ in one })
    }
    bridges = plan.dataplane.bridges.map { bridge in
      let planned = bridge.ports.map { Port($0, attachments: attachments, present: present) }
      let programs = (state?.programs ?? []).filter { $0.bridge == bridge.device }
      return Bridge(
        name: bridge.name, device: bridge.device,
        capture: Capture(
          device: bridge.captureDevice, file: plan.paths.files(of: .lab).capture(bridge.device)),
        ports: planned + programs.map { Port($0, present: present) },
        gateways: bridge.gateways.map { gateway in
          Gateway(
            gateway,
            present: state?.dataplane.map { dataplane in
              dataplane.bridges.first { $0.device == bridge.device }?
                .addresses[gateway.device] ?? []
            })
        })
    }
    let bridgeOfPort = Dictionary(
      plan.dataplane.bridges.flatMap { bridge in bridge.ports.map { ($0.device, bridge.device) } },
      uniquingKeysWith: { first, _ in first })
    machines = plan.machines.map { machine in
      Machine(
        name: machine.name, stage: state?.stages[machine.name],
        interfaces: machine.interfaces.map { interface in
          Interface(
            name: interface.name, mac: interface.mac, attachment: interface.attachment,
            bridge: interface.tap.flatMap { bridgeOfPort[$0] }, port: interface.tap,
            bootOrder: interface.bootOrder, address: state?.addresses[interface.mac])
        })
    }
    servers = plan.servers.map { server in
      Server(
        attachment: server.attachment, namespace: server.networkNamespace,
        address: server.address, vlan: server.vlan,
        program: server.command?.program ?? "dnsmasq", image: server.image,
        bridge: bridgeOfPort[server.port] ?? "", port: server.port)
    }
    uplinks = plan.trunks.map { trunk in
      let port = trunk.port(on: plan.dataplane.engine.choice)
      let vlans = present.map { $0[port] ?? PortVLANs() } ?? trunk.vlans
      return Uplink(
        interface: trunk.interface, bridge: trunk.bridge, pvid: vlans.pvid, tagged: vlans.tagged,
        planned: vlans == trunk.vlans ? nil : Table(trunk.vlans),
        served: trunk.served.map(\.attachment))
    }
    podNetwork = plan.uplink != nil
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
    case .fabric, .node: name = port.title
    }
  }

  fileprivate init(_ program: ProgramPort, present: [String: PortVLANs]?) {
    self.init(program.port, attachments: [:], present: present)
    kind = .program
    name = program.attachment
  }
}
