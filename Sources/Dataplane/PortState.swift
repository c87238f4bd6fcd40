import Addresses
import Foundation
import NetworkAttachment

/// The VLAN table that a port really has, read back from the engine.
public struct PortState: Sendable, Hashable, Codable {
  /// The port's device.
  public var device: String
  /// Its VLANs.
  public var vlans: PortVLANs

  /// A port's state.
  public init(device: String, vlans: PortVLANs) {
    self.device = device
    self.vlans = vlans
  }
}

/// The engine's answer was not the JSON that it is documented to print.
public struct PortTableError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public let description: String
}
