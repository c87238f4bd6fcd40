import Addresses
import NetworkAttachment

/// What the engine really has, read back from it.
public struct DataplaneState: Codable, Sendable, Hashable {
  /// The bridges that are there.
  public var bridges: [BridgeState]
  /// The ports that are there.
  public var ports: [PortState]

  /// A state.
  public init(bridges: [BridgeState], ports: [PortState]) {
    self.bridges = bridges
    self.ports = ports
  }
}

/// A bridge as it is.
public struct BridgeState: Codable, Sendable, Hashable {
  /// Its device.
  public var device: String
  /// Its MTU in bytes.
  public var mtu: Int
  /// Whether it filters VLANs; `nil` with Open vSwitch, where each port says so.
  public var filtersVLANs: Bool?
  /// Whether its device gets every frame.
  public var isPromiscuous: Bool
  /// Where it speaks the spanning tree protocol, its forward delay in seconds.
  public var forwardDelay: Int?
  /// The node's own addresses, by the device that has them.
  public var addresses: [String: [IPNetwork]]

  /// A bridge's state.
  public init(
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
public struct PortState: Sendable, Hashable, Codable {
  /// The port's device.
  public var device: String
  /// Its VLANs.
  public var vlans: PortVLANs
  /// Its MTU in bytes; `nil` when only VLANs were asked for.
  public var mtu: Int?
  /// Whether frames may leave by the port that they came from.
  public var isHairpin: Bool
  /// Whether it is isolated from other isolated ports.
  public var isIsolated: Bool
  /// The only source MAC whose frames enter the bridge; `nil` lets all in.
  public var allowedSource: MACAddress?
  /// How many frames were dropped for another source; `nil` where sources are not checked.
  public var spoofedFrames: Int?

  /// A port's state.
  public init(
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
