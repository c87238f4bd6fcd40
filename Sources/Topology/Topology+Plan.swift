import LabPlan

extension Topology {
  /// The topology of a planned lab, with what is known of it when it runs.
  public init(_ plan: LabPlan, state: TopologyState? = nil) {
    lab = plan.lab
    phase = state?.phase
    engine = plan.dataplane.engine.choice.rawValue
    sandbox = ["network", "mount", "PID"] + (plan.sandbox.userNamespace ? ["user"] : [])
    let attachments = Dictionary(
      plan.servers.map { ($0.networkNamespace, $0.attachment) },
      uniquingKeysWith: { first, _ in first })
    bridges = plan.dataplane.bridges.map { bridge in
      Bridge(
        name: bridge.name, device: bridge.device,
        capture: Capture(
          device: bridge.captureDevice, file: plan.paths.capture(bridge.device)),
        ports: bridge.ports.map { Port($0, attachments: attachments) })
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
      Uplink(
        interface: trunk.interface, bridge: trunk.bridge, pvid: trunk.vlans.pvid,
        tagged: trunk.vlans.tagged, served: trunk.served.map(\.attachment))
    }
    podNetwork = plan.uplink != nil
  }
}

extension Topology.Port {
  fileprivate init(_ port: PortPlan, attachments: [String: String]) {
    device = port.device
    pvid = port.vlans.pvid
    untagged = port.vlans.untagged
    tagged = port.vlans.tagged
    switch port.peer {
    case .machine(let name, let interface):
      kind = .machine
      self.name = name
      self.interface = interface
    case .namespace(let name, _):
      kind = .server
      self.name = attachments[name] ?? name
    }
  }
}
