import DomainXML
import KubeVirt
import LabManifest
import Objects
import Planning

/// The labels of a node that its agent asks libvirt for, as far as they can be told without it: those of a
/// processor that lab.yaml describes by a model, and the models of one that TCG emulates. Of others, what
/// machines ask for is assumed to be there, but for CPU models that are obsolete and for features that lab.yaml
/// takes away.
struct ExpectedLabels: Sendable {
  /// The labels.
  private(set) var labels: [String: String] = [:]
  /// Where the processor comes from.
  let source: ProcessorOffer.Source
  /// The groups of labels of which nothing is known.
  private let open: [NodeLabeller.Group]
  /// Whether the models are known nevertheless.
  private let knowsModels: Bool

  /// - Parameters:
  ///   - node: the node as manifests describe it.
  ///   - object: the node's object.
  ///   - pods: the pods that ask for labels.
  ///   - processors: libvirt's map of CPU models.
  ///   - obsolete: the CPU models that the cluster calls obsolete.
  ///   - usesKVM: whether KVM runs the guests; TCG emulates of each model as much as it can.
  init(
    of node: LabNode, _ object: ObjectNode, askedBy pods: [ObjectNode], processors: ProcessorMap?,
    obsolete: Set<String>, usesKVM: Bool
  ) {
    source = node.processor != nil ? .manifest : usesKVM ? .host : .emulation
    knowsModels = processors != nil && !usesKVM
    var open = NodeLabeller.ownedGroups(of: object)
    if let processor = node.processor, processor.model != nil, let processors {
      labels = ProcessorOffer(knownBy: processors).replaced(by: processor, map: processors)
        .labels(obsolete: obsolete)
      open.removeAll { $0 == .processor }
    } else if let processors, !usesKVM {
      labels = ProcessorOffer(emulatedBy: processors).labels(obsolete: obsolete)
    }
    // Without KVM no node has these.
    if !usesKVM { open.removeAll { $0 == .enlightenments || $0 == .sev } }
    self.open = open
    let removed = (node.processor?.features ?? [:]).filter { !$0.value }.map(\.key)
    let withoutFeatures = Set(removed)
    var absent = Set(removed.map { NodeLabel.feature + $0 })
    absent.formUnion(obsolete.map { NodeLabel.model + $0 })
    for (name, model) in processors?.models ?? [:]
    where !model.features.isDisjoint(with: withoutFeatures) {
      absent.insert(NodeLabel.model + name)
    }
    labels = labels.filter { !absent.contains($0.key) }
    for (label, value) in pods.flatMap({ $0["spec", "nodeSelector"]?.strings ?? [:] })
    where !absent.contains(label) && isOpen(label) && Self.isKnown(label, to: processors) {
      labels[label] = value
    }
    for (name, isThere) in node.processor?.features ?? [:]
    where isThere && isOpen(NodeLabel.feature + name) {
      labels[NodeLabel.feature + name] = "true"
    }
    // What is registered stays.
    for (label, value) in object["metadata", "labels"]?.strings ?? [:] where isOpen(label) {
      labels[label] = value
    }
  }

  /// Whether a label may be one of libvirt's.
  private static func isKnown(_ label: String, to processors: ProcessorMap?) -> Bool {
    guard let processors, label.hasPrefix(NodeLabel.model) else { return true }
    return processors.models[String(label.dropFirst(NodeLabel.model.count))] != nil
  }

  /// Whether nothing is known of a label.
  func isOpen(_ label: String) -> Bool {
    open.contains { $0.has(label) } && !(knowsModels && label.hasPrefix(NodeLabel.model))
  }
}
