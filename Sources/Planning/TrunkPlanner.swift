import Addresses
import ExternalCommand
import NetworkAttachment

/// Makes the plans of the trunks that were asked for.
struct TrunkPlanner {
  let request: UplinkRequest
  let dataplane: DataplanePlan
  let attachments: [AttachmentPlan]
  let servers: [ServerPlan]
  let isRoot: Bool

  func plan() throws -> [TrunkPlan] {
    guard !request.interfaces.isEmpty else {
      if let served = request.served.first {
        throw PlanningError(
          description:
            "--serve-uplink \(served) says what goes out of an uplink, and there is none: "
            + "add --uplink INTERFACE")
      }
      return []
    }
    guard isRoot else {
      throw PlanningError(
        description: "--uplink moves an interface of the host's, which only root may: use sudo")
    }
    var trunks: [TrunkPlan] = []
    for text in request.interfaces {
      let trunk = try trunk(text)
      if trunks.contains(where: { $0.interface == trunk.interface }) {
        throw PlanningError(description: "the uplink \(trunk.interface) is named twice")
      }
      trunks.append(trunk)
    }
    for title in request.served where !trunks.contains(where: { $0.serves(title) }) {
      try refuse(served: title)
    }
    return trunks
  }

  private func trunk(_ text: String) throws -> TrunkPlan {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let interface = String(parts.last ?? "")
    try checkName(interface)
    let bridge = try bridge(parts.count == 2 ? String(parts[0]) : nil)
    let here = attachments.filter { $0.bridge == bridge.device }
    let served = here.filter { request.served.contains($0.title) }.compactMap { attachment in
      let server = servers.first { $0.attachment == attachment.title }
      return TrunkPlan.Served(
        attachment: attachment.title, vlan: server.map(\.vlan) ?? attachment.vlan)
    }
    var trunk = TrunkPlan(
      interface: interface, bridge: bridge.device, vlans: vlans(of: bridge, here), served: served,
      join: [])
    trunk.join =
      switch dataplane.engine.choice {
      case .linuxBridge:
        trunk.linuxBridgeCommands(
          servedPorts: servers.filter { trunk.serves($0.attachment) }.map(\.port))
      case .openVSwitch:
        OpenVSwitchCommands(bridges: [], directory: dataplane.directory)
          .joining(trunk)
      }
    return trunk
  }

  /// dev_valid_name in the kernel's net/core/dev.c, less the names that are the lab's own.
  private func checkName(_ name: String) throws {
    let isValid =
      !name.isEmpty && name.utf8.count <= 15 && name != "." && name != ".."
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/:\"\\,'`$".utf8.contains($0) }
    guard isValid, !name.hasPrefix("-") else {
      throw PlanningError(
        description: "\(name.debugDescription) is not the name of a network interface")
    }
    let own = dataplane.bridges.flatMap { [$0.device, $0.captureDevice] + $0.ports.map(\.device) }
    if own.contains(name) || name.hasPrefix("pxl-") {
      throw PlanningError(
        description: "the lab itself has an interface \(name): give the uplink another name "
          + "(ip link set dev \(name) name ANOTHER)")
    }
  }

  private func bridge(_ asked: String?) throws -> BridgePlan {
    let bridges = dataplane.bridges
    let list = bridges.map(\.name).joined(separator: ", ")
    if let asked {
      guard let bridge = bridges.first(where: { $0.name == asked || $0.device == asked }) else {
        throw PlanningError(
          description: "the lab has no bridge \(asked); it has \(list.isEmpty ? "none" : list)")
      }
      return bridge
    }
    guard let only = bridges.first, bridges.count == 1 else {
      throw PlanningError(
        description: bridges.isEmpty
          ? "the lab has no bridge that an uplink could join"
          : "the lab has several bridges (\(list)): say which, as --uplink BRIDGE=INTERFACE")
    }
    return only
  }

  /// Every VLAN of the bridge's ports and attachments, tagged; the untagged one as it is.
  private func vlans(of bridge: BridgePlan, _ attachments: [AttachmentPlan]) -> PortVLANs {
    let members = Set(
      bridge.ownPorts.flatMap(\.vlans.members) + attachments.map { $0.vlan ?? .bridgeDefault })
    let untagged: [VLANID] = members.contains(.bridgeDefault) ? [.bridgeDefault] : []
    return PortVLANs(
      pvid: untagged.first, untagged: untagged,
      tagged: members.subtracting(untagged).sorted())
  }

  private func refuse(served title: String) throws {
    let titles = attachments.map(\.title)
    throw PlanningError(
      description: titles.contains(title)
        ? "\(title) is on a bridge without an uplink, so its DHCP cannot go out"
        : "the lab has no network attachment \(title) to serve; it has "
          + titles.joined(separator: ", "))
  }
}

extension LabPlan {
  /// Lets a port's DHCP out of the uplinks of its bridge, where that of its VLAN may go out, or no
  /// more; done before the port is made and after it is gone. Open vSwitch goes by VLANs, and needs
  /// nothing.
  package func serving(_ port: PortPlan, on bridge: String, _ isServing: Bool) -> [Command] {
    guard dataplane.engine.choice == .linuxBridge else { return [] }
    let isServed = trunks.contains { trunk in
      trunk.bridge == bridge
        && trunk.served.contains { ($0.vlan ?? .bridgeDefault) == port.vlans.pvid }
    }
    guard isServed else { return [] }
    let verb = isServing ? "add" : "delete"
    let element = "\(TrunkPlan.table) \(TrunkPlan.servingPorts) { \"\(port.device)\" }"
    return [Command("nft", ["-f", "-"], input: ["\(verb) element \(element)"].batch)]
  }
}

extension TrunkPlan {
  /// The lab's nft table for what an uplink lets pass.
  fileprivate static let table = "bridge pxelab-uplink"
  /// The set of the ports behind which something serves whose DHCP may go out.
  fileprivate static let servingPorts = "serving"

  fileprivate func serves(_ title: String) -> Bool { served.contains { $0.attachment == title } }

  /// The rules come before the interface joins, so that nothing leaks meanwhile.
  fileprivate func linuxBridgeCommands(servedPorts: [String]) -> [Command] {
    let table = Self.table
    let ports = "{ \(Self.serverPorts.map(String.init).joined(separator: ", ")) }"
    var rules = [
      "add table \(table)",
      "add chain \(table) forward { type filter hook forward priority 0; policy accept; }",
    ]
    // By the ports that serve: at this place a tag is not in the frame, and `vlan id` does not see it.
    let rule = "add rule \(table) forward"
    let serving = Self.servingPorts
    if !served.isEmpty {
      rules.append("add set \(table) \(serving) { type ifname; }")
      rules += servedPorts.map { "add element \(table) \(serving) { \"\($0)\" }" }
      rules += [
        "\(rule) iifname @\(serving) oifname \"\(interface)\" accept",
        "\(rule) iifname \"\(interface)\" oifname @\(serving) accept",
      ]
    }
    rules += [
      "\(rule) oifname \"\(interface)\" meta l4proto udp udp sport \(ports) counter drop",
      "\(rule) oifname \"\(interface)\" icmpv6 type nd-router-advert counter drop",
      "\(rule) iifname \"\(interface)\" meta l4proto udp udp dport { 67, 547 } counter drop",
    ]
    return [
      Command("nft", ["-f", "-"], input: rules.batch),
      Command(
        "ip", ["-batch", "-"], input: ["link set dev \(interface) master \(bridge) up"].batch),
      Command(
        "bridge", ["-batch", "-"],
        input: LinuxBridgeCommands(bridges: []).vlanLines(of: interface, vlans).batch),
    ]
  }
}

extension OpenVSwitchCommands {
  /// Joins a trunk by way of a bridge of its own, the only place where what leaves by one port can
  /// be told from what leaves by others: Open vSwitch's own switching chooses its ports alone.
  /// That bridge has nothing but rules (`fail_mode=secure`), and passes nothing before it has them.
  func joining(_ trunk: TrunkPlan) -> [Command] {
    let interface = trunk.interface
    let bridge = DeviceName.uplinkBridge(interface)
    let (inner, outer) = (trunk.port(on: .openVSwitch), DeviceName.uplinkPatch(interface))
    return [
      // Merged segments are larger than a frame, and the userspace datapath drops them.
      Command("ethtool", ["-K", interface, "gro", "off"]),
      Command(
        "ovs-vsctl",
        [
          databaseOption, "--timeout=20", "--", "add-br", bridge, "--", "set", "bridge", bridge,
          "datapath_type=netdev", "fail_mode=secure",
          "--", "add-port", bridge, outer, "--", "set", "interface", outer, "type=patch",
          "options:peer=\(inner)", "ofport_request=1",
          "--", "add-port", bridge, interface, "--", "set", "interface", interface,
          "ofport_request=2",
          "--", "add-port", trunk.bridge, inner,
        ] + vlanColumns(trunk.vlans) + [
          "--", "set", "interface", inner, "type=patch", "options:peer=\(outer)",
        ], environment: environment),
      Command(
        "ovs-ofctl", ["replace-flows", "unix:\(directory)/\(bridge).mgmt", "-"],
        input: rules(of: trunk).batch, environment: environment),
      Command("ip", ["link", "set", "dev", interface, "up"]),
    ]
  }

  /// Port 1 is the lab, port 2 the outside.
  private func rules(of trunk: TrunkPlan) -> [String] {
    var rules = ["priority=0,in_port=1,actions=output:2", "priority=0,in_port=2,actions=output:1"]
    for served in trunk.served {
      let tag = served.vlan.map { "dl_vlan=\($0)" } ?? "vlan_tci=0x0000/0x1000"
      rules += TrunkPlan.serverPorts.map {
        "priority=20,in_port=1,\(tag),udp,tp_src=\($0),actions=output:2"
      }
      rules.append("priority=20,in_port=2,\(tag),udp,tp_dst=67,actions=output:1")
    }
    rules += TrunkPlan.serverPorts.flatMap { port in
      ["udp", "udp6"].map { "priority=10,in_port=1,\($0),tp_src=\(port),actions=drop" }
    }
    return rules + [
      "priority=10,in_port=1,icmp6,icmp_type=134,actions=drop",
      "priority=10,in_port=2,udp,tp_dst=67,actions=drop",
      "priority=10,in_port=2,udp6,tp_dst=547,actions=drop",
    ]
  }
}
