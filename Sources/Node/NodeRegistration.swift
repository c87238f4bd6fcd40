import DomainXML
import FileSystem
import Kinds
import KubeVirt
import LabManifest
import Libvirt
import Objects
import PXEWire
import Planning

/// Makes the node's object: that it is ready, and what machines it can run.
struct NodeRegistration: Sendable {
  let agent: NodeAgent

  /// The node's.
  var key: ObjectKey {
    ObjectKey(GroupResource("nodes"), namespace: "", name: agent.configuration.name)
  }

  /// Makes the object, or completes the one that somebody has made.
  func register(_ node: LabNode, on system: NodeSystem) async {
    let registered = RegisteredNode(node, on: system, at: Timestamp.now.secondTime)
    await agent.writer.make(key, registered.tree)
    await agent.writer.change(key) { registered.complete(&$0) }
    await agent.writer.changeStatus(key) { registered.completeStatus(of: &$0) }
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
      NodeLabeller.tell(
        labeller?.labels(obsolete: obsolete), from: labeller?.offer.source, in: &node)
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
    try ProcessorMap(names: Files.names(in:), text: Files.text(of:))
  }
}
