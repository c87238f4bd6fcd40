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
    func has(_ label: String) -> Bool { prefixes.contains { label.hasPrefix($0) } }

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
    var names: [String] = []
    names += offer.models.subtracting(obsolete).map { NodeLabel.model + $0 }
    names += offer.knownModels.subtracting(obsolete).map { NodeLabel.migrationModel + $0 }
    names += offer.features.map { NodeLabel.feature + $0 }
    names += offer.hostModelFeatures.map { NodeLabel.hostModelFeature + $0 }
    if let model = offer.hostModel {
      names.append(NodeLabel.hostModel + model)
      if isHostModelObsolete(obsolete) { names.append(NodeLabel.obsoleteHostModel) }
    }
    if let vendor = offer.vendor { names.append(NodeLabel.vendor + vendor) }
    names += (host.machineTypes["x86_64"] ?? []).map { NodeLabel.machineType + $0 }
    if usesKVM {
      names += capabilities.enlightenments.map {
        NodeLabel.enlightenment + (Self.enlightenments[$0] ?? $0)
      }
      if capabilities.hasSEV { names.append(NodeLabel.sev) }
      if capabilities.guestsOfSEVES > 0 { names.append(NodeLabel.sevES) }
    }
    var labels = Dictionary(names.map { ($0, "true") }) { first, _ in first }
    // What libvirt has may be longer than labels may be.
    labels = labels.filter { QualifiedName.objections($0.key).isEmpty }
    if let counter = host.timeStampCounter {
      labels["\(NodeLabel.timer)tsc-frequency"] = counter.frequency
      labels["\(NodeLabel.timer)tsc-scalable"] = counter.isScalable ? "true" : "false"
    }
    return labels
  }

  /// Whether machines with the model `host-model` are kept away. What TCG emulates is no old hardware.
  package func isHostModelObsolete(_ obsolete: Set<String>) -> Bool {
    offer.source != .emulation && offer.hostModel.map(obsolete.contains) ?? false
  }

  /// Sets the labels of groups in a node, and takes away what those groups had.
  ///
  /// - Returns: whether that changes anything. A node with KubeVirt's annotation `skip-node` is left alone.
  package func label(_ node: inout ObjectNode, _ groups: [Group], obsolete: Set<String>) -> Bool {
    guard node["metadata", "annotations", NodeLabel.skipAnnotation] == nil else { return false }
    let wanted = labels(obsolete: obsolete).filter { label, _ in
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
