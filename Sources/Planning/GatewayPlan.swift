import Addresses
import NetworkAttachment

/// What the `bridge` plugin makes for `isGateway`: the node's own address on one VLAN of a bridge.
package struct GatewayPlan: Codable, Sendable, Hashable {
  /// The device that carries the addresses: the bridge, or `BRIDGE.VLAN`. In Open vSwitch a port of
  /// its own in either case, because the bridge's device may be a mirror.
  package var device: String
  /// The port of the Linux bridge that the device is the far end of; `nil` where it is the bridge.
  package var port: String?
  /// The VLAN; `nil` is the bridge's untagged one.
  package var vlan: VLANID?
  /// The VLANs of the port.
  package var vlans: PortVLANs
  /// The gateway's addresses, each with its network.
  package var addresses: [IPNetwork]

  /// A gateway.
  package init(
    device: String, port: String?, vlan: VLANID?, vlans: PortVLANs? = nil, addresses: [IPNetwork]
  ) {
    self.device = device
    self.port = port
    self.vlan = vlan
    self.vlans = vlans ?? .access(vlan ?? .bridgeDefault)
    self.addresses = addresses
  }
}

extension GatewayPlan {
  /// The gateway on a bridge's VLAN, without an address yet.
  init(on bridge: String, vlan: VLANID?, engine: DataplaneEngine) {
    // Longer names are the lab's own, as those of bridges are.
    let device = vlan.map { vlan in
      let name = "\(bridge).\(vlan)"
      return name.utf8.count > BridgeConfig.deviceNameLimit
        ? Self.short("pxl-a", bridge, vlan) : name
    }
    switch engine {
    case .linuxBridge:
      self.init(
        device: device ?? bridge, port: device.map { _ in Self.short("pxl-g", bridge, vlan) },
        vlan: vlan, addresses: [])
    case .openVSwitch:
      self.init(
        device: device ?? Self.short("pxl-g", bridge, vlan), port: nil, vlan: vlan, addresses: [])
    }
  }

  /// A device's name made of a prefix and a few digits that stand for a bridge and a VLAN.
  private static func short(_ prefix: String, _ bridge: String, _ vlan: VLANID?) -> String {
    let digits = StableIdentity.hexadecimal(StableIdentity.digest(bridge)).suffix(5)
    return "\(prefix)\(digits)\(vlan.map { String($0.rawValue, radix: 16) } ?? "")"
  }

  /// `ip -batch` lines that give the device its addresses.
  var addressLines: [String] {
    addresses.map { "address add \($0)\($0.v4 == nil ? "" : " brd +") dev \(device)" }
  }
}

extension BridgePlan {
  /// Gives the node what an attachment asks for beside a port with these addresses: the gateway's
  /// addresses, and rules that hide the port's behind the node's.
  ///
  /// - Throws: `GatewayRefusal`.
  mutating func serve(
    _ assigned: [IPAMConfig.Address], of config: BridgeConfig, network: String,
    engine: DataplaneEngine
  ) throws {
    guard !assigned.isEmpty else { return }
    if let backend = config.masquerade {
      masquerades.append(
        MasqueradePlan(network: network, backend: backend, addresses: assigned.map(\.address)))
    }
    guard config.isGateway else { return }
    if !gateways.contains(where: { $0.vlan == config.vlan }) {
      var gateway = GatewayPlan(on: device, vlan: config.vlan, engine: engine)
      // Its port is made as the containers' are, without their trunk.
      var access = config
      access.vlanTrunk = nil
      gateway.vlans = access.portVLANs()
      gateways.append(gateway)
    }
    for index in gateways.indices where gateways[index].vlan == config.vlan {
      gateways[index].addresses = try config.gateways(
        for: assigned, present: gateways[index].addresses)
    }
  }
}
