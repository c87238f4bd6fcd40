import DomainXML
import FileSystem
import Kinds
import KubeVirt
import LabManifest
import LabPlan
import Libvirt
import Objects
import PXEWire

/// Makes the node's object: that it is ready, and what machines it can run.
struct NodeRegistration: Sendable {
  let agent: NodeAgent

  /// The node's.
  var key: ObjectKey {
    ObjectKey(GroupResource("nodes"), namespace: "", name: agent.configuration.name)
  }

  /// Makes the object, or completes the one that somebody has made: with what manifests say of the node,
  /// and what a kubelet and KubeVirt say of each. What is there already stays as it is, and so does what
  /// somebody took from a node that was registered before.
  func register(_ node: LabNode) async {
    let described = node.object
    let time = Timestamp.now.secondTime
    var tree: ObjectNode = [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .text(node.name), "labels": [NodeLabel.schedulable: "true"]],
      "spec": described["spec"]?.canonical ?? [:],
    ]
    for (label, value) in node.labels { tree["metadata", "labels", label] = .text(value) }
    if let status = described["status"] {
      for field in ["capacity", "allocatable"] { tree["status", field] = status[field]?.canonical }
    }
    Self.setReady(in: &tree, at: time)
    Self.takeLabels(of: &tree)
    await agent.writer.make(key, tree)
    await agent.writer.change(key) { [tree] node in
      guard !Self.isRegistered(node) else { return false }
      let before = node.canonical
      for label in tree["metadata", "labels"]?.entries ?? []
      where node["metadata", "labels", label.key] == nil {
        node["metadata", "labels", label.key] = label.value
      }
      if node["spec", "taints"] == nil { node["spec", "taints"] = tree["spec", "taints"] }
      Self.takeLabels(of: &node)
      return node.canonical != before
    }
    await agent.writer.changeStatus(key) { [tree] node in
      for field in ["capacity", "allocatable"] where node["status", field] == nil {
        node["status", field] = tree["status", field]
      }
      return Self.setReady(in: &node, at: time)
    }
  }

  private static let usualMachineType = "\(NodeLabel.machineType)q35"

  private static func isRegistered(_ node: ObjectNode) -> Bool {
    node["metadata", "annotations", NodeLabeller.ownedAnnotation] != nil
  }

  /// Makes the groups of labels of which a node says nothing the agent's own, once.
  private static func takeLabels(of node: inout ObjectNode) {
    guard !isRegistered(node) else { return }
    let groups = NodeLabeller.Group.unsaid(in: node["metadata", "labels"]?.strings ?? [:])
    // Every machine asks for it, and no QEMU is without: machines need not wait for libvirt.
    if groups.contains(.machineTypes) {
      node["metadata", "labels", usualMachineType] = "true"
    }
    node["metadata", "annotations", NodeLabeller.ownedAnnotation] =
      .text(groups.map(\.rawValue).joined(separator: ","))
    if !groups.contains(.processor) {
      node["metadata", "annotations", NodeLabel.sourceAnnotation] = "manifest"
    }
  }

  @discardableResult
  private static func setReady(in node: inout ObjectNode, at time: String) -> Bool {
    InstanceStatus.setCondition(
      "Ready", true, reason: "KubeletReady", message: "kubelet is posting ready status",
      at: time, in: &node)
  }

  /// Says something of the node in an annotation.
  func annotate(_ annotation: String, _ text: String) async {
    await agent.writer.change(key) { node in
      guard node["metadata", "annotations", annotation]?.string != text else { return false }
      node["metadata", "annotations", annotation] = .text(text)
      return true
    }
  }

  /// Writes what libvirt says of the node into its labels.
  ///
  /// - Parameters:
  ///   - labeller: `nil` when libvirt does not say; machines that ask for labels need not wait for it then.
  ///   - obsolete: the CPU models that the cluster calls obsolete.
  /// - Returns: whether they are written.
  func tell(_ labeller: NodeLabeller?, obsolete: Set<String>) async -> Bool {
    let isTold = await agent.writer.change(key) { node in
      let annotations = node["metadata", "annotations"]?.strings ?? [:]
      let groups = (annotations[NodeLabeller.ownedAnnotation] ?? "").split(separator: ",")
        .compactMap { NodeLabeller.Group(rawValue: String($0)) }
      var isChanged = labeller?.label(&node, groups, obsolete: obsolete) ?? false
      let source =
        groups.contains(.processor) ? labeller?.offer.source.rawValue ?? "unknown" : "manifest"
      if annotations[NodeLabel.sourceAnnotation] != source {
        node["metadata", "annotations", NodeLabel.sourceAnnotation] = .text(source)
        isChanged = true
      }
      return isChanged
    }
    guard isTold, let labeller, let model = labeller.offer.hostModel,
      labeller.isHostModelObsolete(obsolete)
    else { return isTold }
    agent.writer.tell(
      reference, .warning, reason: "HostModelIsObsolete",
      "This node has \(model) host-model cpu that is included in ObsoleteCPUModels")
    return isTold
  }

  /// Tells that the node cannot be labelled with the model that lab.yaml gives it.
  func tellUnknown(_ model: String) {
    agent.writer.tell(
      reference, .warning, reason: "UnknownProcessorModel",
      "libvirt on this machine does not know the CPU model \(model), so the node has no label of a "
        + "model or a feature; `virsh cpu-models x86_64` prints those that it knows")
  }

  private var reference: EventRecord.Reference {
    EventRecord.Reference(apiVersion: "v1", kind: "Node", namespace: "", name: key.name, uid: "")
  }

  /// Asks libvirt what machines it can run here, as KubeVirt's node labeller does.
  ///
  /// - Returns: `nil`, and a warning in the log, when libvirt does not say.
  func labeller(by connection: Connection) async -> NodeLabeller? {
    do {
      return try await askLabeller(by: connection)
    } catch {
      agent.log.warning(
        "libvirt does not say what machines it can run", metadata: ["error": "\(error)"])
      return nil
    }
  }

  /// - Throws: `LibvirtError`, `XMLParsingError`.
  private func askLabeller(by connection: Connection) async throws -> NodeLabeller {
    let usesKVM = agent.configuration.usesKVM
    let target = HypervisorTarget(domainType: usesKVM ? "kvm" : "qemu")
    let capabilities = try ProcessorCapabilities(
      parsing: try await connection.domainCapabilities(of: target))
    var features: Set<String> = []
    if let hostModel = capabilities.hostModel {
      features = try ProcessorCapabilities.features(
        ofBaseline: try await connection.baselineProcessor(hostModel.xml(), on: target))
    }
    return NodeLabeller(
      ProcessorOffer(capabilities, features: features, usesKVM: usesKVM),
      capabilities: capabilities,
      host: try HostCapabilities(parsing: try await connection.capabilities()), usesKVM: usesKVM)
  }

  /// libvirt's map of CPU models.
  ///
  /// - Throws: `FileError`, `XMLParsingError`.
  static func processorMap() throws -> ProcessorMap {
    let folder = ProcessorMap.folder
    // Without the index there is no map.
    _ = try Files.read("\(folder)/index.xml")
    return try ProcessorMap(
      parsing: Files.names(in: folder).filter { $0.hasPrefix("x86_") }
        .map { try Files.text(of: "\(folder)/\($0)") })
  }
}
