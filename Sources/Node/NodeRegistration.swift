import DomainXML
import FoundationEssentials
import Kinds
import LabManifest
import LabPlan
import Libvirt
import Objects
import PXEWire

/// Makes the node's object: that it is ready, and what processor it offers.
struct NodeRegistration: Sendable {
  let agent: NodeAgent

  /// The node's.
  var key: ObjectKey {
    ObjectKey(GroupResource("nodes"), namespace: "", name: agent.configuration.name)
  }

  /// Makes the object, or completes the one that somebody has made: with what manifests say of the node,
  /// and what a kubelet and KubeVirt say of each. What is there already stays as it is.
  func register(_ node: LabNode) async {
    let described = node.object
    let time = Timestamp.now.secondTime
    var tree: ObjectNode = [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .text(node.name), "labels": ["kubevirt.io/schedulable": "true"]],
      "spec": described["spec"]?.canonical ?? [:],
    ]
    for (label, value) in node.labels { tree["metadata", "labels", label] = .text(value) }
    if let status = described["status"] {
      for field in ["capacity", "allocatable"] { tree["status", field] = status[field]?.canonical }
    }
    Self.setReady(in: &tree, at: time)
    await agent.writer.make(key, tree)
    await agent.writer.change(key) { [tree] node in
      let before = node.canonical
      for label in tree["metadata", "labels"]?.entries ?? []
      where node["metadata", "labels", label.key] == nil {
        node["metadata", "labels", label.key] = label.value
      }
      if node["spec", "taints"] == nil { node["spec", "taints"] = tree["spec", "taints"] }
      return node.canonical != before
    }
    await agent.writer.changeStatus(key) { [tree] node in
      for field in ["capacity", "allocatable"] where node["status", field] == nil {
        node["status", field] = tree["status", field]
      }
      return Self.setReady(in: &node, at: time)
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

  /// What processor the node offers, as its annotation has it; `nil`, and a warning in the log, when
  /// libvirt does not say.
  func offer(by connection: Connection) async -> String? {
    do {
      let offer = try await processorOffer(by: connection)
      return String(decoding: try JSONEncoder().encode(offer), as: UTF8.self)
    } catch {
      agent.log.warning(
        "libvirt does not say what processors it has", metadata: ["error": "\(error)"])
      return nil
    }
  }

  /// Asks libvirt what processors it has here, as KubeVirt's node labeller does
  /// (pkg/virt-handler/node-labeller).
  ///
  /// - Throws: `LibvirtError`, `DomainXMLError`.
  private func processorOffer(by connection: Connection) async throws -> ProcessorOffer {
    let target = HypervisorTarget(domainType: agent.configuration.usesKVM ? "kvm" : "qemu")
    let capabilities = try ProcessorCapabilities(
      parsing: try await connection.domainCapabilities(of: target))
    var offer = ProcessorOffer(
      provider: target.domainType == "kvm" ? .kvm : .tcg,
      models: capabilities.models.mapValues { $0 == .yes }, features: nil)
    if let hostModel = capabilities.hostModel {
      offer.features = try ProcessorCapabilities.features(
        ofBaseline: try await connection.baselineProcessor(hostModel.xml(), on: target))
    }
    for (model, usability) in capabilities.models where usability != .yes {
      let comparison = try await connection.compareProcessor(
        ProcessorCapabilities.description(ofModel: model).xml(), on: target)
      if usability == .unknown { offer.models[model] = comparison.isProvided }
      if case .incompatible(let text) = comparison, !text.isEmpty { offer.reasons[model] = text }
    }
    return offer
  }
}

extension ProcessorComparison {
  fileprivate var isProvided: Bool { self == .identical || self == .superset }
}
