import Addresses
import Execution
import NetworkAttachment
import Planning

extension Dataplane {
  /// The lab's bridges and ports, as the engine and the kernel have them now.
  ///
  /// - Throws: `CommandError`, or ``PortTableError`` when an answer cannot be read.
  package func state() async throws -> DataplaneState {
    let ports = try await runner.run(plan.listPorts)
    let devices = try await runner.run(plan.listDevices)
    var rules: [String] = []
    for command in plan.listRules { rules.append(try await runner.run(command)) }
    return try plan.state(ports: ports, devices: devices, rules: rules)
  }
}

extension DataplanePlan {
  /// What the answers to the plan's own questions say of its bridges and ports.
  func state(ports: String, devices: String, rules: [String]) throws -> DataplaneState {
    let devices = try DeviceTable(json: devices).devices
    let states =
      switch engine.choice {
      case .linuxBridge: try linuxPorts(ports, devices: devices, rules: rules)
      case .openVSwitch: try openVSwitchPorts(ports, devices: devices, rules: rules)
      }
    return DataplaneState(
      bridges: bridges.compactMap { bridge in
        devices[bridge.device].map { state(of: bridge, $0, devices: devices, rules: rules) }
      }, ports: states)
  }

  private func state(
    of bridge: BridgePlan, _ device: DeviceTable.Device, devices: [String: DeviceTable.Device],
    rules: [String]
  ) -> BridgeState {
    let isLinux = engine.choice == .linuxBridge
    var addresses: [String: [IPNetwork]] = [:]
    for gateway in bridge.gateways {
      addresses[gateway.device] = devices[gateway.device]?.addresses
    }
    return BridgeState(
      device: bridge.device, mtu: device.mtu ?? 0,
      filtersVLANs: isLinux ? device.linkinfo?.infoData?.vlanFiltering == 1 : nil,
      isPromiscuous: isLinux
        ? device.flags?.contains("PROMISC") == true
        : rules.contains { OpenVSwitchPortTable.names($0).contains(bridge.device) },
      // Open vSwitch has what the plan gave its database, and says it by ovs-vsctl alone.
      forwardDelay: isLinux
        ? device.linkinfo?.infoData.flatMap { data in
          data.stpState == 1 ? data.forwardDelay.map { $0 / 100 } : nil
        } : bridge.forwardDelay,
      addresses: addresses)
  }

  private func linuxPorts(
    _ ports: String, devices: [String: DeviceTable.Device], rules: [String]
  ) throws -> [PortState] {
    let tables = Dictionary(
      try LinuxBridgePortTable.decode(ports).map { ($0.device, $0.vlans) }
    ) { first, _ in first }
    let checked = try rules.first.map { try SpoofCounters(json: $0).ports } ?? [:]
    return bridges.flatMap(\.ports).compactMap { port in
      guard let device = devices[port.device], device.linkinfo?.infoSlaveKind == "bridge" else {
        return nil
      }
      let flags = device.linkinfo?.infoSlaveData
      return PortState(
        device: port.device, vlans: tables[port.device] ?? PortVLANs(), mtu: device.mtu,
        isHairpin: flags?.hairpin == true, isIsolated: flags?.isolated == true,
        allowedSource: checked[port.device]?.allowed,
        spoofedFrames: checked[port.device]?.dropped)
    }
  }

  private func openVSwitchPorts(
    _ ports: String, devices: [String: DeviceTable.Device], rules: [String]
  ) throws -> [PortState] {
    let known = Dictionary(
      try OpenVSwitchPortTable.decode(ports).map { ($0.device, $0) }
    ) { first, _ in first }
    let flows = Dictionary(
      zip(bridges.filter(\.needsFlows), rules).map { ($0.device, FlowTable(text: $1)) }
    ) { first, _ in first }
    return bridges.flatMap { bridge in
      let numbers = bridge.flowNumbers
      return zip(numbers, bridge.ports).compactMap { number, port -> PortState? in
        guard var state = known[port.device] else { return nil }
        state.mtu = devices[port.device]?.mtu
        guard let table = flows[bridge.device] else { return state }
        state.isHairpin = table.hairpins.contains(number)
        state.allowedSource = table.sources[number]?.allowed
        state.spoofedFrames = table.sources[number]?.dropped
        let others = (table.secondUntagged[number] ?? []).compactMap { other in
          zip(numbers, bridge.ports).first { $0.0 == other }?.1
        }
        let more = Set(others.compactMap { known[$0.device]?.vlans.pvid })
        state.vlans.untagged = Set(state.vlans.untagged).union(more).sorted()
        return state
      }
    }
  }
}
