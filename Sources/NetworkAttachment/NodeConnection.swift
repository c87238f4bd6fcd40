import Addresses
import Objects

/// How a node joins an attachment's bridge to the network outside of it, as policies have it.
package enum NodeConnection: Hashable, Sendable {
  /// No policy says anything of such bridges.
  case unsaid
  /// The bridge has a port that leads out.
  case joined(NodeBridge, NodeBridge.Port)
  /// A policy makes the bridge without a port.
  case withoutPort(NodeBridge)
  /// Policies make the bridge on other nodes only; on this one the `bridge` plugin makes an empty one.
  case otherNodes(NodeBridge)
  /// Policies make bridges, none of them of that name; this one's is the nearest.
  case otherName(NodeBridge)
  /// OVN does not reach the physical network on this node, although policies have mappings.
  case unmapped(Mismatch)

  /// Why no mapping is of use.
  package struct Mismatch: Hashable, Sendable {
    /// What is wrong.
    package var reason: Reason
    /// The mapping to change, or to take as a pattern.
    package var mapping: BridgeMapping

    /// What can be wrong with mappings.
    package enum Reason: Hashable, Sendable {
      /// None is of the physical network on any node; the mapping is of the nearest name.
      case otherName
      /// None is of the physical network on this node.
      case otherNodes
      /// No policy makes the bridge that it names on this node.
      case noBridge
      /// That bridge is no bridge of Open vSwitch.
      case linuxBridge
    }
  }

  /// The bridge that there is on the node; `nil` where there is none, or nothing is said.
  package var bridge: NodeBridge? {
    switch self {
    case .joined(let bridge, _), .withoutPort(let bridge): bridge
    case .unsaid, .otherNodes, .otherName, .unmapped: nil
    }
  }

  /// The port that leads out.
  package var port: NodeBridge.Port? {
    if case .joined(_, let port) = self { port } else { nil }
  }

  /// Where that is said which decides: the port, else the bridge or the mapping.
  package var place: (location: SourceLocation, field: String)? {
    switch self {
    case .unsaid: nil
    case .joined(_, let port): (port.location, port.field)
    case .withoutPort(let bridge), .otherNodes(let bridge), .otherName(let bridge):
      (bridge.location, bridge.field)
    case .unmapped(let mismatch): (mismatch.mapping.location, mismatch.mapping.field)
    }
  }
}

extension NodeConnection.Mismatch {
  /// What is wrong, as a clause.
  ///
  /// - Parameters:
  ///   - network: the physical network that an attachment names.
  ///   - node: the node; `nil` stands for all of them.
  package func clause(network: String, node: String?) -> String {
    let there = node.map { " on \($0)" } ?? ""
    switch reason {
    case .otherName:
      return "no policy maps the physical network \(network.debugDescription) to a bridge\(there)"
        + "; there is \(mapping.localnet.debugDescription)"
    case .otherNodes:
      return "no policy maps the physical network \(network.debugDescription) to a bridge\(there)"
        + "; there is a mapping for \(mapping.selector)"
    case .noBridge:
      return
        "\(network.debugDescription) is mapped to the bridge \(mapping.bridge)\(there), which no "
        + "policy makes there"
    case .linuxBridge:
      return "\(network.debugDescription) is mapped to \(mapping.bridge)\(there), which is a Linux "
        + "bridge: OVN takes bridges of Open vSwitch only"
    }
  }
}
