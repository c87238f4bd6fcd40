import KubeVirt
import Objects

/// Fills in what a node that nobody has registered lacks, as a kubelet, KubeVirt's node labeller and
/// the device plugins would; never over what its manifest says.
package struct BareNode: Sendable {
  /// The node with what was lacking.
  package private(set) var object: ObjectNode
  /// What was filled in, in words.
  package private(set) var filled: [String] = []

  /// A node.
  ///
  /// - Parameter bridges: the resources of bridges that network attachments name.
  package init(_ object: ObjectNode, bridges: [String] = []) {
    self.object = object
    let root = APIValue(object)
    // What an API server gave out has been registered by a kubelet.
    let isRegistered = root["metadata"]["uid"].exists || root["status"]["nodeInfo"].exists
    guard !isRegistered else { return }
    let labels = root["metadata"]["labels"].texts
    fillLabels(labels, name: root["metadata"]["name"].string)
    fillAmounts(
      isLabelled: labels.keys.contains { $0.contains("kubevirt.io/") }, bridges: bridges)
  }

  private mutating func fillLabels(_ labels: [String: String], name: String) {
    var added: [(String, String)] = [
      ("kubernetes.io/hostname", name), ("kubernetes.io/arch", "amd64"),
      ("kubernetes.io/os", "linux"),
    ].filter { labels[$0.0] == nil }
    if !labels.keys.contains(where: { $0.contains("kubevirt.io/") }) {
      let architecture = labels["kubernetes.io/arch"] ?? "amd64"
      let machine = ["arm64": "virt", "s390x": "s390-ccw-virtio"][architecture] ?? "q35"
      added.append(("kubevirt.io/schedulable", "true"))
      added.append(("machine-type.node.kubevirt.io/\(machine)", "true"))
    }
    for (label, value) in added { object["metadata", "labels", label] = .text(value) }
    if !added.isEmpty { filled.append("labels \(added.map(\.0).joined(separator: ", "))") }
  }

  private mutating func fillAmounts(isLabelled: Bool, bridges: [String]) {
    let status = APIValue(object)["status"]
    let hasAmounts = status["capacity"].exists || status["allocatable"].exists
    var list = (status["allocatable"].exists ? status["allocatable"] : status["capacity"]).node
    if list?.isMapping != true { list = .mapping() }
    guard var amounts = list else { return }
    var added: [(String, String)] = [("pods", "110"), ("ephemeral-storage", "100Gi")]
    // Of a node of which nothing is known there is enough.
    if !hasAmounts { added += [("cpu", "64"), ("memory", "256Gi")] }
    if !isLabelled, !amounts.entries.contains(where: { $0.key.hasPrefix("devices.kubevirt.io/") }) {
      added += ["kvm", "tun", "vhost-net"].map { ("devices.kubevirt.io/\($0)", "1k") }
      added += bridges.sorted().map { ($0, "1k") }
    }
    added = added.filter { amounts[$0.0] == nil }
    guard !added.isEmpty else { return }
    for (name, amount) in added { amounts[name] = .text(amount) }
    object["status", "allocatable"] = amounts
    filled.append(added.map { "\($0.0): \($0.1)" }.joined(separator: ", "))
  }
}
