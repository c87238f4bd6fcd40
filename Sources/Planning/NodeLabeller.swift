import DomainXML
import KubeVirt
import Objects

/// The labels that say what machines a node can run, as KubeVirt's labeller sets them
/// (pkg/virt-handler/node-labeller).
package struct NodeLabeller: Hashable, Sendable {
  /// The annotation with the groups of labels that the node's agent sets: all that the manifests left
  /// unsaid when the node was made.
  package static let ownedAnnotation = "pxelab.dev/labels"

  /// Labels that are set together or not at all.
  package enum Group: String, CaseIterable, Sendable {
    case processor
    case timer
    case enlightenments
    case machineTypes
    case sev

    /// What the labels begin with.
    var prefixes: [String] {
      switch self {
      case .processor: NodeLabel.processor
      case .timer: [NodeLabel.timer]
      case .enlightenments: [NodeLabel.enlightenment]
      case .machineTypes: [NodeLabel.machineType]
      case .sev: [NodeLabel.sev]
      }
    }

    /// Whether a label is one of the group's.
    package func has(_ label: String) -> Bool { prefixes.contains { label.hasPrefix($0) } }

    /// The groups of which labels say nothing.
    package static func unsaid(in labels: [String: String]) -> [Group] {
      allCases.filter { group in !labels.keys.contains(where: group.has) }
    }
  }

  /// What processors guests can have.
  package var offer: ProcessorOffer
  /// What else libvirt says of guests.
  package var capabilities: ProcessorCapabilities
  /// What libvirt says of the host.
  package var host: HostCapabilities
  /// Whether KVM runs the guests.
  package var usesKVM: Bool

  /// A labeller.
  package init(
    _ offer: ProcessorOffer, capabilities: ProcessorCapabilities, host: HostCapabilities,
    usesKVM: Bool
  ) {
    self.offer = offer
    self.usesKVM = usesKVM
    self.capabilities = capabilities
    self.host = host
  }

  /// KubeVirt's names of enlightenments that libvirt calls otherwise.
  private static let enlightenments = ["stimer": "synictimer"]

  /// The labels.
  ///
  /// - Parameter obsolete: the models that the cluster calls obsolete.
  package func labels(obsolete: Set<String>) -> [String: String] {
    var labels = offer.labels(obsolete: obsolete)
    var names = (host.machineTypes["x86_64"] ?? []).map { NodeLabel.machineType + $0 }
    if usesKVM {
      names += capabilities.enlightenments.map {
        NodeLabel.enlightenment + (Self.enlightenments[$0] ?? $0)
      }
      if capabilities.hasSEV { names.append(NodeLabel.sev) }
      if capabilities.guestsOfSEVES > 0 { names.append(NodeLabel.sevES) }
    }
    // What libvirt has may be longer than labels may be.
    for name in names where QualifiedName.objections(name).isEmpty { labels[name] = "true" }
    if let counter = host.timeStampCounter {
      labels["\(NodeLabel.timer)tsc-frequency"] = counter.frequency
      labels["\(NodeLabel.timer)tsc-scalable"] = counter.isScalable ? "true" : "false"
    }
    return labels
  }

  /// Whether machines with the model `host-model` are kept away.
  package func isHostModelObsolete(_ obsolete: Set<String>) -> Bool {
    offer.isHostModelObsolete(obsolete)
  }

  /// Sets the labels of groups in a node, and takes away what those groups had.
  ///
  /// - Returns: whether that changes anything. A node with KubeVirt's annotation `skip-node` is left alone.
  package func label(_ node: inout ObjectNode, _ groups: [Group], obsolete: Set<String>) -> Bool {
    Self.set(labels(obsolete: obsolete), groups, in: &node)
  }

  /// The groups of labels that a node's agent sets.
  package static func ownedGroups(of node: ObjectNode) -> [Group] {
    (node["metadata", "annotations", ownedAnnotation]?.string ?? "").split(separator: ",")
      .compactMap { Group(rawValue: String($0)) }
  }

  /// Writes into a node what its agent has found out, and that it is said.
  ///
  /// - Parameters:
  ///   - labels: all labels; `nil` where nobody knows, and what the node has stays.
  ///   - source: where its processor comes from.
  /// - Returns: whether that changes anything.
  package static func tell(
    _ labels: [String: String]?, from source: ProcessorOffer.Source?, in node: inout ObjectNode
  ) -> Bool {
    let groups = ownedGroups(of: node)
    var isChanged = labels.map { set($0, groups, in: &node) } ?? false
    let word = groups.contains(.processor) ? source?.rawValue ?? "unknown" : "manifest"
    if node["metadata", "annotations", NodeLabel.sourceAnnotation]?.string != word {
      node["metadata", "annotations", NodeLabel.sourceAnnotation] = .text(word)
      isChanged = true
    }
    return isChanged
  }

  private static func set(
    _ labels: [String: String], _ groups: [Group], in node: inout ObjectNode
  ) -> Bool {
    guard node["metadata", "annotations", NodeLabel.skipAnnotation] == nil else { return false }
    let wanted = labels.filter { label, _ in
      groups.contains { $0.has(label) }
    }
    let present = (node["metadata", "labels"]?.strings ?? [:]).filter { label, _ in
      groups.contains { $0.has(label) }
    }
    guard wanted != present else { return false }
    for label in present.keys where wanted[label] == nil { node["metadata", "labels", label] = nil }
    for (label, value) in wanted.sorted(by: { $0.key < $1.key }) {
      node["metadata", "labels", label] = .text(value)
    }
    return true
  }
}
