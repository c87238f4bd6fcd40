import KubeVirt
import LabManifest
import Objects

/// A node's object as the node's agent makes it: that it is ready, what manifests say of it, and what a
/// kubelet and KubeVirt say of each. What is there already stays as it is, and so does what somebody took
/// from a node that was registered before.
package struct RegisteredNode: Sendable {
  /// The object of a node that nobody has made.
  package let tree: ObjectNode
  private let time: String

  private static let usualMachineType = "\(NodeLabel.machineType)q35"

  /// A node that is ready.
  ///
  /// - Parameters:
  ///   - system: what it runs on.
  ///   - time: the moment (RFC 3339).
  package init(_ node: LabNode, on system: NodeSystem, at time: String) {
    self.time = time
    let described = node.object
    var tree: ObjectNode = [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .text(node.name), "labels": [NodeLabel.schedulable: "true"]],
      "spec": described["spec"]?.canonical ?? [:],
    ]
    for (label, value) in node.labels { tree["metadata", "labels", label] = .text(value) }
    if let status = described["status"] {
      for field in ["capacity", "allocatable"] { tree["status", field] = status[field]?.canonical }
    }
    tree["status", "nodeInfo"] = system.info(of: node.name)
    tree["status", "addresses"] = [["type": "Hostname", "address": .text(node.name)]]
    Self.setReady(in: &tree, at: time)
    Self.takeLabels(of: &tree)
    self.tree = tree
  }

  /// Completes the object that somebody has made, its status left out.
  ///
  /// - Returns: whether anything was missing.
  package func complete(_ node: inout ObjectNode) -> Bool {
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

  /// Says in a node's status what it has, where that says nothing, and that it is ready.
  ///
  /// - Returns: whether that changes anything.
  package func completeStatus(of node: inout ObjectNode) -> Bool {
    var isNew = false
    for field in ["capacity", "allocatable", "nodeInfo", "addresses"]
    where node["status", field] == nil {
      guard let value = tree["status", field] else { continue }
      node["status", field] = value
      isNew = true
    }
    return Self.setReady(in: &node, at: time) || isNew
  }

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
}
