import Addresses
import NetworkAttachment

/// A bridge of the lab and the ports on it.
public struct BridgePlan: Codable, Sendable, Hashable {
  /// The bridge's name in the network attachments.
  public var name: String
  /// The device that stands for it in the sandbox, at most 15 bytes.
  public var device: String
  /// The device on which every frame shows its 802.1Q tag: the bridge itself, or a mirror port.
  public var captureDevice: String
  /// The ports.
  public var ports: [PortPlan]
}

/// A port of a bridge: one end in the bridge, the other a machine or a namespace.
public struct PortPlan: Codable, Sendable, Hashable {
  /// What is at the other end.
  public enum Peer: Codable, Sendable, Hashable {
    /// A tap that QEMU opens for one interface of a machine.
    case machine(name: String, interface: String)
    /// A veth into a namespace; the far end is named `eth0` and has this address, if any.
    case namespace(name: String, address: IPv4Network?)
  }

  /// The device in the sandbox, at most 15 bytes.
  public var device: String
  /// What is at the other end.
  public var peer: Peer
  /// The port's VLAN table.
  public var vlans: PortVLANs
  /// The MTU in bytes; `nil` leaves the kernel's 1500.
  public var mtu: Int?

  /// A port.
  public init(device: String, peer: Peer, vlans: PortVLANs, mtu: Int? = nil) {
    self.device = device
    self.peer = peer
    self.vlans = vlans
    self.mtu = mtu
  }
}

extension PortPlan {
  /// What a person calls the port; also the device's alias.
  public var title: String {
    switch peer {
    case .machine(let name, let interface): "\(name)/\(interface)"
    case .namespace(let name, _): "server/\(name)"
    }
  }
}
