import Addresses

/// A network attachment as a place where a program can be put.
package struct AttachmentPlan: Codable, Sendable, Hashable {
  /// What people call it: its name, or `namespace/name` where the name alone is not enough.
  package var title: String
  /// The device of its bridge.
  package var bridge: String
  /// Its access VLAN; `nil` is the bridge's untagged one.
  package var vlan: VLANID?
  /// The address and network of its server; where nothing is served, what a server would have.
  package var address: IPv4Network
  /// The MTU of its ports in bytes; `nil` is the kernel's 1500.
  package var mtu: Int?
}
