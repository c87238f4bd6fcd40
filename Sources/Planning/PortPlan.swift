import Addresses
import NetworkAttachment

/// A port of a bridge: one end in the bridge, the other a machine or a namespace.
package struct PortPlan: Codable, Sendable, Hashable {
  /// What is at the other end.
  package enum Peer: Codable, Sendable, Hashable {
    /// A tap that QEMU opens for one interface of a machine.
    case machine(name: String, interface: String)
    /// A veth into a namespace; the far end is named `eth0` and has this address, if any.
    case namespace(name: String, address: IPv4Network?)
    /// Of a node's uplink: a veth to the fabric, whose end there has the same name.
    case fabric
    /// Of the fabric: a node's uplink, by what the node said when it plugged it in.
    case node(JoinedUplink)
  }

  /// The device in the sandbox, at most 15 bytes.
  package var device: String
  /// What is at the other end.
  package var peer: Peer
  /// The network attachment that asks for the port, as people call it.
  package var attachment: String?
  /// The port's VLAN table.
  package var vlans: PortVLANs
  /// The MTU in bytes; `nil` leaves the kernel's 1500.
  package var mtu: Int?
  /// The MAC address at the other end; `nil` where the lab does not choose it.
  package var mac: MACAddress?
  /// Whether only frames whose source is ``mac`` enter the bridge (`macspoofchk`).
  package var checksSource: Bool
  /// Whether frames may leave by the port that they came from (`hairpinMode`).
  package var isHairpin: Bool
  /// Whether it exchanges frames only with ports that are not isolated (`portIsolation`).
  package var isIsolated: Bool

  /// A port.
  package init(
    device: String, peer: Peer, attachment: String? = nil, vlans: PortVLANs, mtu: Int? = nil,
    mac: MACAddress? = nil, checksSource: Bool = false, isHairpin: Bool = false,
    isIsolated: Bool = false
  ) {
    self.device = device
    self.peer = peer
    self.attachment = attachment
    self.vlans = vlans
    self.mtu = mtu
    self.mac = mac
    self.checksSource = checksSource
    self.isHairpin = isHairpin
    self.isIsolated = isIsolated
  }
}

extension PortPlan {
  /// The only source whose frames enter the bridge; `nil` lets all in.
  var allowedSource: MACAddress? { checksSource ? mac : nil }

  /// What a person calls the port; also the device's alias.
  package var title: String {
    switch peer {
    case .machine(let name, let interface): "\(name)/\(interface)"
    case .namespace(let name, _): "server/\(name)"
    case .fabric: "uplink"
    case .node(let uplink): "node/\(uplink.node)"
    }
  }

  /// A machine's port as an attachment asks for it.
  init(
    device: String, machine: String, interface: String, mac: MACAddress,
    attachment: NetworkAttachmentDefinition, title: String
  ) {
    self.init(
      device: device, peer: .machine(name: machine, interface: interface), attachment: title,
      vlans: attachment.portVLANs, mtu: attachment.mtu, mac: mac)
    guard case .bridge(let bridge) = attachment.config else { return }
    checksSource = bridge.macSpoofCheck
    isHairpin = bridge.hairpinMode
    isIsolated = bridge.portIsolation
  }
}

extension BridgePlan {
  /// Its ports but those that go when a node ends.
  var ownPorts: [PortPlan] {
    ports.filter { if case .node = $0.peer { false } else { true } }
  }
}

extension NetworkAttachmentDefinition {
  /// Whether the bridge that is made for it filters VLANs.
  var wantsVLANFiltering: Bool {
    switch config {
    case .bridge(let bridge): bridge.wantsVLANFiltering
    case .localnet, .sriov: true
    }
  }

  /// Whether the bridge is promiscuous after its ADD.
  var wantsPromiscuity: Bool {
    switch config {
    case .bridge(let bridge): bridge.promiscuousMode
    case .localnet, .sriov: false
    }
  }

  /// How its ports have addresses; `nil` where nothing assigns any.
  var ipam: IPAMConfig? {
    switch config {
    case .bridge(let bridge): bridge.ipam
    case .localnet(let localnet):
      IPAMConfig(subnets: localnet.subnets, excluded: localnet.excludedSubnets)
    case .sriov: nil
    }
  }
}
