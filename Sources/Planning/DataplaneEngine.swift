/// What carries the lab's frames and VLANs.
package enum DataplaneEngine: String, Sendable, Codable, Hashable, CaseIterable {
  /// The kernel's bridge with VLAN filtering, as the `bridge` CNI plugin makes it.
  case linuxBridge = "linux-bridge"
  /// Open vSwitch with its userspace (netdev) datapath.
  case openVSwitch = "open-vswitch"

  /// The name that people use.
  package var title: String {
    switch self {
    case .linuxBridge: "Linux bridge with VLAN filtering"
    case .openVSwitch: "Open vSwitch, userspace datapath"
    }
  }
}

/// A choice together with why it was made: printed, never silent.
package struct Reasoned<Choice: Codable & Sendable & Hashable>: Codable, Sendable, Hashable {
  /// What was chosen.
  package var choice: Choice
  /// Why, as one clause for a person.
  package var reason: String

  /// A choice and its reason.
  package init(_ choice: Choice, because reason: String) {
    self.choice = choice
    self.reason = reason
  }
}
