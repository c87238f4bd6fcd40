import ExternalCommand

extension DataplanePlan {
  /// What makes this plan of another one that is in force, in order: ports and bridges that are in one
  /// of them only, and VLAN tables that differ. Machines whose ports stay notice nothing.
  ///
  /// Rules that go by source addresses are made anew where any port has some, and so are those of a
  /// router; the MTU of a bridge that is there, its spanning tree and promiscuity stay as they are.
  package func changes(from old: DataplanePlan) -> [Command] {
    let before = Dictionary(old.bridges.map { ($0.device, $0) }) { first, _ in first }
    let after = Set(bridges.map(\.device))
    let added = bridges.filter { before[$0.device] == nil }
    let removed = old.bridges.filter { !after.contains($0.device) }
    var commands = removed.flatMap { bridge in
      bridge.ports.flatMap { old.removing($0, from: bridge.device) }
    }
    switch engine.choice {
    case .linuxBridge:
      commands += removed.map { Command("ip", ["link", "delete", "dev", $0.device]) }
      if !added.isEmpty { commands += LinuxBridgeCommands(bridges: added).bridgesAndPorts }
    case .openVSwitch:
      commands += OpenVSwitchCommands(bridges: removed, directory: directory).removing
      commands += OpenVSwitchCommands(bridges: added, directory: directory).adding
    }
    var hasOtherPorts = false
    for bridge in bridges {
      guard let former = before[bridge.device] else { continue }
      let changed = changes(of: bridge, from: former)
      hasOtherPorts = hasOtherPorts || !changed.isEmpty
      commands += changed
    }
    if engine.choice == .linuxBridge, hasOtherPorts || !added.isEmpty || !removed.isEmpty {
      commands += LinuxBridgeCommands(bridges: bridges).sourceChecksAnew(
        hadSome: old.bridges.flatMap(\.ports).contains { $0.allowedSource != nil })
    }
    return commands
  }

  private func changes(of bridge: BridgePlan, from former: BridgePlan) -> [Command] {
    let before = Dictionary(former.ports.map { ($0.device, $0) }) { first, _ in first }
    let after = Set(bridge.ports.map(\.device))
    var commands: [Command] = []
    for port in former.ports where !after.contains(port.device) {
      commands += removing(port, from: bridge.device)
    }
    for (number, port) in zip(bridge.flowNumbers, bridge.ports) {
      guard let old = before[port.device] else {
        commands += adding(port, to: bridge.device, number: bridge.needsFlows ? number : nil)
        continue
      }
      guard old != port else { continue }
      if old.peer != port.peer || old.mtu != port.mtu {
        commands += removing(old, from: bridge.device)
        commands += adding(port, to: bridge.device, number: bridge.needsFlows ? number : nil)
      } else if old.vlans != port.vlans || old.isIsolated != port.isIsolated {
        commands += changing(port, from: old, on: bridge)
      }
    }
    if engine.choice == .openVSwitch, bridge.ports != former.ports,
      bridge.needsFlows || former.needsFlows
    {
      commands += OpenVSwitchCommands(bridges: [], directory: directory).flowsAnew(of: bridge)
    }
    return commands
  }

  private func changing(_ port: PortPlan, from old: PortPlan, on bridge: BridgePlan) -> [Command] {
    switch engine.choice {
    case .openVSwitch:
      return [
        OpenVSwitchCommands(bridges: [], directory: directory).changing(port, on: bridge)
      ]
    case .linuxBridge:
      let commands = LinuxBridgeCommands(bridges: [])
      let lines = old.vlans.members.map { "vlan del dev \(port.device) vid \($0)" }
      let table = commands.vlanLines(of: port.device, port.vlans)
      let isDefault = table.isEmpty ? ["vlan add dev \(port.device) vid 1 pvid untagged"] : []
      return [
        Command(
          "bridge", ["-batch", "-"],
          input: (lines + isDefault + table.filter { !$0.hasPrefix("vlan del") }).batch)
      ]
    }
  }
}

extension OpenVSwitchCommands {
  /// The bridge's rules in the place of those that it has, or ordinary switching where it needs none.
  fileprivate func flowsAnew(of bridge: BridgePlan) -> [Command] {
    if let flows = flows(of: bridge) { return [flows] }
    return [
      Command(
        "ovs-ofctl",
        ["--bundle", "replace-flows", "unix:\(directory)/\(bridge.device).mgmt", "-"],
        input: ["priority=0,actions=NORMAL"].batch, environment: environment)
    ]
  }
}
