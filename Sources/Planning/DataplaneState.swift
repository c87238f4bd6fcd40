import Addresses
import NetworkAttachment

/// What the engine really has, read back from it.
package struct DataplaneState: Codable, Sendable, Hashable {
  /// The bridges that are there.
  package var bridges: [BridgeState]
  /// The ports that are there.
  package var ports: [PortState]

  /// A state.
  package init(bridges: [BridgeState], ports: [PortState]) {
    self.bridges = bridges
    self.ports = ports
  }
}

extension DataplaneState {
  /// Takes in what another node has; a bridge that both have is as it is here.
  package mutating func add(_ other: DataplaneState) {
    bridges += other.bridges.filter { bridge in
      !bridges.contains { $0.device == bridge.device }
    }
    ports += other.ports.filter { port in !ports.contains { $0.device == port.device } }
  }
}

/// A bridge as it is.
package struct BridgeState: Codable, Sendable, Hashable {
  /// Its device.
  package var device: String
  /// Its MTU in bytes.
  package var mtu: Int
  /// Whether it filters VLANs; `nil` with Open vSwitch, where each port says so.
  package var filtersVLANs: Bool?
  /// Whether its device gets every frame.
  package var isPromiscuous: Bool
  /// Where it speaks the spanning tree protocol, its forward delay in seconds.
  package var forwardDelay: Int?
  /// The node's own addresses, by the device that has them.
  package var addresses: [String: [IPNetwork]]

  /// A bridge's state.
  package init(
    device: String, mtu: Int, filtersVLANs: Bool?, isPromiscuous: Bool, forwardDelay: Int? = nil,
    addresses: [String: [IPNetwork]] = [:]
  ) {
    self.device = device
    self.mtu = mtu
    self.filtersVLANs = filtersVLANs
    self.isPromiscuous = isPromiscuous
    self.forwardDelay = forwardDelay
    self.addresses = addresses
  }
}

/// A port as it is.
package struct PortState: Sendable, Hashable, Codable {
  /// The port's device.
  package var device: String
  /// Its VLANs.
  package var vlans: PortVLANs
  /// Its MTU in bytes; `nil` when only VLANs were asked for.
  package var mtu: Int?
  /// Whether frames may leave by the port that they came from.
  package var isHairpin: Bool
  /// Whether it is isolated from other isolated ports.
  package var isIsolated: Bool
  /// The only source MAC whose frames enter the bridge; `nil` lets all in.
  package var allowedSource: MACAddress?
  /// How many frames were dropped for another source; `nil` where sources are not checked.
  package var spoofedFrames: Int?

  /// A port's state.
  package init(
    device: String, vlans: PortVLANs, mtu: Int? = nil, isHairpin: Bool = false,
    isIsolated: Bool = false, allowedSource: MACAddress? = nil, spoofedFrames: Int? = nil
  ) {
    self.device = device
    self.vlans = vlans
    self.mtu = mtu
    self.isHairpin = isHairpin
    self.isIsolated = isIsolated
    self.allowedSource = allowedSource
    self.spoofedFrames = spoofedFrames
  }
}
