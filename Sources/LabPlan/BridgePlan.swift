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
  /// Whether it looks at VLANs. One that does not carries every frame to every port, tags and all.
  public var filtersVLANs: Bool
  /// Whether its own device gets every frame (`promiscMode`).
  public var isPromiscuous: Bool
  /// Its MTU in bytes; `nil` leaves the kernel's 1500.
  public var mtu: Int?
  /// The addresses that the node itself has on it (`isGateway`).
  public var gateways: [GatewayPlan]
  /// Who hands the addresses of `ipam` to the machines.
  public var addressServers: [AddressServerPlan]
  /// The ports.
  public var ports: [PortPlan]

  /// A bridge.
  public init(
    name: String, device: String, captureDevice: String, filtersVLANs: Bool = true,
    isPromiscuous: Bool = false, mtu: Int? = nil, gateways: [GatewayPlan] = [],
    addressServers: [AddressServerPlan] = [], ports: [PortPlan]
  ) {
    self.name = name
    self.device = device
    self.captureDevice = captureDevice
    self.filtersVLANs = filtersVLANs
    self.isPromiscuous = isPromiscuous
    self.mtu = mtu
    self.gateways = gateways
    self.addressServers = addressServers
    self.ports = ports
  }
}

/// What the `bridge` plugin makes for `isGateway`: the node's own address on one VLAN of a bridge.
public struct GatewayPlan: Codable, Sendable, Hashable {
  /// The device that carries the addresses: the bridge, or `BRIDGE.VLAN`. In Open vSwitch a port of
  /// its own in either case, because the bridge's device may be a mirror.
  public var device: String
  /// The port of the Linux bridge that the device is the far end of; `nil` where it is the bridge.
  public var port: String?
  /// The VLAN; `nil` is the bridge's untagged one.
  public var vlan: VLANID?
  /// The gateway's addresses, each with its network.
  public var addresses: [IPv4Network]

  /// A gateway.
  public init(device: String, port: String?, vlan: VLANID?, addresses: [IPv4Network]) {
    self.device = device
    self.port = port
    self.vlan = vlan
    self.addresses = addresses
  }
}
