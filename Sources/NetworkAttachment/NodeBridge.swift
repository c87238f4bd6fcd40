import Addresses
import Objects

/// What a NodeNetworkConfigurationPolicy (nmstate.io/v1) says of a bridge on the nodes, as far as it
/// bears on booting.
package struct NodeBridge: Hashable, Sendable {
  /// The bridge's device.
  package var name: String
  /// Its kind.
  package var kind: Kind
  /// Whether it speaks the spanning tree protocol (IEEE 802.1D).
  package var spansTree: Bool
  /// Seconds that a new port listens, and as many that it learns, before it forwards anything.
  package var forwardDelay: Int
  /// Its ports, the first of which is the node's uplink.
  package var ports: [Port]
  /// The nodes that the policy is for.
  package var selector: NodeSelector
  /// Where STP is switched on or off, or else where the bridge is named.
  package var location: SourceLocation
  /// That field.
  package var field: String

  /// What nmstate calls its type.
  package enum Kind: String, Hashable, Sendable {
    /// A bridge of the kernel's.
    case linux = "linux-bridge"
    /// A bridge of Open vSwitch.
    case openVSwitch = "ovs-bridge"
  }

  /// A network card on a bridge.
  package struct Port: Hashable, Sendable {
    /// The card.
    package var name: String
    /// What it carries.
    package var vlans: PortVLANs
    /// Where that is said.
    package var location: SourceLocation
    /// The field that says it.
    package var field: String
  }

  /// The kernel's and IEEE 802.1D's forward delay in seconds.
  package static let usualForwardDelay = 15

  /// The port that leads out of the node; `nil` where it has none.
  package var uplink: Port? { ports.first }

  /// Whether frames of a VLAN leave the node by it.
  func carries(_ vlan: VLANID) -> Bool {
    ports.isEmpty || ports.contains { $0.vlans.members.contains(vlan) }
  }

  /// Whether a document is a NodeNetworkConfigurationPolicy.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "NodeNetworkConfigurationPolicy" && document.group == "nmstate.io"
  }
}

/// The nodes that a policy is for: those that have all of these labels; all of them where it has none
/// (kubernetes-nmstate, `spec.nodeSelector`).
package struct NodeSelector: Hashable, Sendable, CustomStringConvertible {
  /// The labels and their values.
  package var labels: [String: String]

  /// A selector.
  package init(_ labels: [String: String]) { self.labels = labels }

  /// Whether it selects a node.
  ///
  /// - Parameter node: the node's labels; `nil` stands for any node.
  package func selects(_ node: [String: String]?) -> Bool {
    guard let node else { return true }
    return labels.allSatisfy { node[$0.key] == $0.value }
  }

  package var description: String {
    labels.isEmpty
      ? "all nodes"
      : "nodes with "
        + labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: ", ")
  }
}

/// A bridge that OVN reaches a physical network by (`ovn.bridge-mappings` of a policy).
package struct BridgeMapping: Hashable, Sendable {
  /// The physical network, as localnets name it.
  package var localnet: String
  /// The bridge.
  package var bridge: String
  /// The nodes that the policy is for.
  package var selector: NodeSelector
  /// Where it is said.
  package var location: SourceLocation
  /// That field.
  package var field: String
}

/// The MTU that a policy gives an interface of the nodes.
package struct NodeInterfaceMTU: Hashable, Sendable {
  /// The interface.
  package var name: String
  /// The MTU in bytes.
  package var bytes: Int
  /// The nodes that the policy is for.
  package var selector: NodeSelector
  /// Where it is said.
  package var location: SourceLocation
  /// That field.
  package var field: String
}
