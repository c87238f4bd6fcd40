import Addresses

/// A network attachment as a place where a program can be put.
public struct AttachmentPlan: Codable, Sendable, Hashable {
  /// What people call it: its name, or `namespace/name` where the name alone is not enough.
  public var title: String
  /// The device of its bridge.
  public var bridge: String
  /// Its access VLAN; `nil` is the bridge's untagged one.
  public var vlan: VLANID?
  /// The address and network of its server; where nothing is served, what a server would have.
  public var address: IPv4Network
  /// The MTU of its ports in bytes; `nil` is the kernel's 1500.
  public var mtu: Int?
}
