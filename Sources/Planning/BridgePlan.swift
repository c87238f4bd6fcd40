import Addresses
import Diagnosis
import NetworkAttachment

/// A bridge of the lab and the ports on it.
package struct BridgePlan: Codable, Sendable, Hashable {
  /// The bridge's name in the network attachments.
  package var name: String
  /// The device that stands for it in the sandbox, at most 15 bytes.
  package var device: String
  /// The device on which every frame shows its 802.1Q tag: the bridge itself, or a mirror port.
  package var captureDevice: String
  /// Whether it looks at VLANs. One that does not carries every frame to every port, tags and all.
  package var filtersVLANs: Bool
  /// Whether its own device gets every frame (`promiscMode`).
  package var isPromiscuous: Bool
  /// Its MTU in bytes; `nil` leaves the kernel's 1500.
  package var mtu: Int?
  /// Where it speaks the spanning tree protocol: seconds that a new port listens, and as many that
  /// it learns, before it forwards. `nil` forwards at once.
  package var forwardDelay: Int?
  /// The addresses that the node itself has on it (`isGateway`).
  package var gateways: [GatewayPlan]
  /// Which addresses are hidden behind the node's (`ipMasq`).
  package var masquerades: [MasqueradePlan]
  /// Who hands the addresses of `ipam` to the machines.
  package var addressServers: [AddressServerPlan]
  /// The ports.
  package var ports: [PortPlan]
  /// Of one of several nodes: why it has no uplink, where it has none.
  package var absence: HostReport.Uplink.Absence?

  /// A bridge.
  package init(
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
