import DomainXML
import FoundationEssentials
import Kinds
import LabPlan
import Libvirt
import Objects
import PXEWire

/// Makes the node's object: that it is ready, and what processor it offers.
struct NodeRegistration: Sendable {
  let agent: NodeAgent

  private var key: ObjectKey {
    ObjectKey(GroupResource("nodes"), namespace: "", name: agent.configuration.name)
  }

  /// Makes or renews the object. What its processor offers is said later, and machines that ask for
  /// something of it wait for that.
  func register() async {
    let name = agent.configuration.name
    let labels: ObjectNode = [
      "kubernetes.io/hostname": .text(name), "kubernetes.io/arch": "amd64",
      "kubernetes.io/os": "linux", "kubevirt.io/schedulable": "true",
    ]
    let time = Timestamp.now.secondTime
    var tree: ObjectNode = [
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": .text(name), "labels": labels],
      "spec": [:],
    ]
    Self.setReady(in: &tree, at: time)
    await agent.writer.make(key, tree)
    await agent.writer.changeStatus(key) { node in Self.setReady(in: &node, at: time) }
  }

  @discardableResult
  private static func setReady(in node: inout ObjectNode, at time: String) -> Bool {
    InstanceStatus.setCondition(
      "Ready", true, reason: "KubeletReady", message: "kubelet is posting ready status",
      at: time, in: &node)
  }

  /// Says what processor the node offers.
  func offer(by connection: Connection) async {
    do {
      let offer = try await processorOffer(by: connection)
      let text = String(decoding: try JSONEncoder().encode(offer), as: UTF8.self)
      // libvirt may answer before the API does.
      await register()
      await agent.writer.change(key) { node in
        guard node["metadata", "annotations", ProcessorOffer.annotation]?.string != text else {
          return false
        }
        node["metadata", "annotations", ProcessorOffer.annotation] = .text(text)
        return true
      }
    } catch {
      agent.log.warning(
        "libvirt does not say what processors it has", metadata: ["error": "\(error)"])
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
