import Addresses
import Objects

/// What policies of the nodes say that bears on network attachments. Each policy is for the nodes that
/// its `nodeSelector` selects.
package struct NodeNetworks: Sendable {
  /// The bridges in the order of the policies; some nodes may have another one of a name than others.
  package private(set) var bridges: [NodeBridge] = []
  /// The bridges that OVN maps physical networks to (`ovn.bridge-mappings`).
  package private(set) var mappings: [BridgeMapping] = []
  private var mtus: [NodeInterfaceMTU] = []
  /// Whether a policy's interfaces are only known on the nodes.
  private var isOpen = false

  /// OVN-Kubernetes' own bridge, which no policy makes.
  private static let ownBridge = "br-ex"

  /// None.
  package init() {}

  /// Reads a policy; what is wrong with it by itself is reported.
  package mutating func read(_ policy: ManifestDocument, log: ProblemLog) {
    let reader = NodePolicyReader(policy, log: log)
    bridges += reader.bridges
    mappings += reader.mappings
    mtus += reader.mtus
    isOpen = isOpen || reader.isOfCapture
  }

  /// How a node joins an attachment's bridge to the network outside of it. Of several policies that make
  /// the same, the last counts.
  ///
  /// - Parameter labels: the node's; `nil` stands for any node.
  package func connection(
    of attachment: NetworkAttachmentDefinition, labels: [String: String]?
  ) -> NodeConnection {
    switch attachment.config {
    case .bridge(let config): connection(ofBridge: config.bridge, labels)
    case .localnet(let config): connection(ofNetwork: config.physicalNetworkName, labels)
    case .sriov: .unsaid
    }
  }

  /// The MTU of a bridge's port on a node, where a policy says it; the last counts.
  package func mtu(of port: NodeBridge.Port, labels: [String: String]?) -> NodeInterfaceMTU? {
    mtus.last { $0.name == port.name && $0.selector.selects(labels) }
  }

  private func connection(
    ofBridge name: String, _ labels: [String: String]?
  ) -> NodeConnection {
    if let bridge = bridge(name, labels) { return .of(bridge) }
    if let elsewhere = bridge(name, nil) { return .otherNodes(elsewhere) }
    guard makesNo(name) else { return .unsaid }
    let others = bridges.filter { $0.kind == .linux }
    let here = others.filter { $0.selector.selects(labels) }
    let candidates = here.isEmpty ? others : here
    let near = nearest(to: name, among: candidates.map(\.name).sorted())
    return (candidates.last { $0.name == near } ?? candidates.first).map { .otherName($0) }
      ?? .unsaid
  }

  private func connection(
    ofNetwork name: String, _ labels: [String: String]?
  ) -> NodeConnection {
    let mapped = mappings.filter { $0.localnet == name }
    guard let mapping = mapped.last(where: { $0.selector.selects(labels) }) else {
      if let elsewhere = mapped.last {
        return .unmapped(.init(reason: .otherNodes, mapping: elsewhere))
      }
      let here = mappings.filter { $0.selector.selects(labels) }
      let candidates = here.isEmpty ? mappings : here
      let near = nearest(to: name, among: candidates.map(\.localnet).sorted())
      let other = candidates.last { $0.localnet == near } ?? candidates.first
      return other.map { .unmapped(.init(reason: .otherName, mapping: $0)) } ?? .unsaid
    }
    if let bridge = bridge(mapping.bridge, labels) {
      return bridge.kind == .openVSwitch
        ? .of(bridge) : .unmapped(.init(reason: .linuxBridge, mapping: mapping))
    }
    let isMadeElsewhere = bridge(mapping.bridge, nil) != nil
    // A bridge that no policy makes may have been there before, as OVN-Kubernetes' own is.
    let isKnown = bridges.contains { $0.kind == .openVSwitch && $0.selector.selects(labels) }
    guard isMadeElsewhere || (isKnown && !isOpen && mapping.bridge != Self.ownBridge) else {
      return .unsaid
    }
    return .unmapped(.init(reason: .noBridge, mapping: mapping))
  }

  /// Whether a node has a bridge of Linux; `nil` where no policy says anything of such bridges.
  package func hasBridge(_ name: String, labels: [String: String]) -> Bool? {
    switch connection(ofBridge: name, labels) {
    case .unsaid, .unmapped: nil
    case .joined, .withoutPort: true
    case .otherNodes, .otherName: false
    }
  }

  /// Whether policies make bridges of Linux, and none of a name.
  func makesNo(_ bridge: String) -> Bool {
    !isOpen && bridges.contains { $0.kind == .linux } && self.bridge(bridge, nil) == nil
  }

  private func bridge(_ name: String, _ labels: [String: String]?) -> NodeBridge? {
    bridges.last { $0.name == name && $0.selector.selects(labels) }
  }
}

extension NodeConnection {
  fileprivate static func of(_ bridge: NodeBridge) -> NodeConnection {
    bridge.uplink.map { .joined(bridge, $0) } ?? .withoutPort(bridge)
  }
}
