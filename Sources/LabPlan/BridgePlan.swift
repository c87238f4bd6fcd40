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
  /// Where it speaks the spanning tree protocol: seconds that a new port listens, and as many that
  /// it learns, before it forwards. `nil` forwards at once.
  public var forwardDelay: Int?
  /// The addresses that the node itself has on it (`isGateway`).
  public var gateways: [GatewayPlan]
  /// Which addresses are hidden behind the node's (`ipMasq`).
  public var masquerades: [MasqueradePlan]
  /// Who hands the addresses of `ipam` to the machines.
  public var addressServers: [AddressServerPlan]
  /// The ports.
  public var ports: [PortPlan]

  /// A bridge.
  public init(
    name: String, device: String, captureDevice: String, filtersVLANs: Bool = true,
    isPromiscuous: Bool = false, mtu: Int? = nil, forwardDelay: Int? = nil,
    gateways: [GatewayPlan] = [], masquerades: [MasqueradePlan] = [],
    addressServers: [AddressServerPlan] = [], ports: [PortPlan]
  ) {
    self.name = name
    self.device = device
    self.captureDevice = captureDevice
    self.filtersVLANs = filtersVLANs
    self.isPromiscuous = isPromiscuous
    self.mtu = mtu
    self.forwardDelay = forwardDelay
    self.gateways = gateways
    self.masquerades = masquerades
    self.addressServers = addressServers
    self.ports = ports
  }
}
