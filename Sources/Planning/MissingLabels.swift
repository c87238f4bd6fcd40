import KubeVirt
import Objects

/// What a pod asks of nodes' labels that no node has, in words: the scheduler only says that no node
/// matches.
package struct MissingLabels {
  /// The labels of each node.
  private let nodes: [[String: String]]
  /// The CPU models that no node is labelled with.
  private let obsolete: Set<String>
  /// What there is to say, in the order of the labels.
  package private(set) var reasons: [String] = []

  /// Compares a pod with nodes.
  ///
  /// - Parameters:
  ///   - pod: the pod.
  ///   - nodes: the nodes.
  ///   - obsolete: the CPU models that the cluster calls obsolete.
  package init(of pod: ObjectNode, on nodes: [ObjectNode], obsolete: Set<String>) {
    self.nodes = nodes.map { $0["metadata", "labels"]?.strings ?? [:] }
    self.obsolete = obsolete
    guard !nodes.isEmpty else { return }
    let selector = pod["spec", "nodeSelector"]?.strings ?? [:]
    for (label, value) in selector.sorted(by: { $0.key < $1.key })
    where !self.nodes.contains(where: { $0[label] == value }) {
      reasons.append(absence(of: label, value))
    }
    if reasons.isEmpty,
      !self.nodes.contains(where: { labels in
        selector.allSatisfy { labels[$0.key] == $0.value }
      })
    {
      reasons.append("each label of nodeSelector is on some node, and no node has them all")
    }
    for label in Self.forbidden(of: pod) where self.nodes.allSatisfy({ $0[label] != nil }) {
      reasons.append(presence(of: label))
    }
  }

  /// Compares the launcher pod of an instance, where that waits for a node, with the nodes.
  ///
  /// - Parameters:
  ///   - objects: all objects of a lab, the pods among them.
  /// - Returns: nothing of an instance that has its node, or no pod.
  package static func reasons(
    of instance: ObjectKey, in objects: [ObjectKey: ObjectNode], obsolete: Set<String>
  ) -> [String] {
    let pod = objects.first { key, pod in
      key.resource == GroupResource("pods") && key.namespace == instance.namespace
        && pod["spec", "nodeName"] == nil && pod.isLauncher(of: instance)
    }
    guard let pod else { return [] }
    let nodes = objects.filter { $0.key.resource == .nodes }.sorted { $0.key < $1.key }
    return MissingLabels(of: pod.value, on: nodes.map(\.value), obsolete: obsolete).reasons
  }

  /// Labels that every term of the pod's required affinity forbids.
  package static func forbidden(of pod: ObjectNode) -> [String] {
    let terms =
      pod["spec", "affinity", "nodeAffinity"]?[
        "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]?.items ?? []
    let sets = terms.map { term in
      Set(
        (term["matchExpressions"]?.items ?? []).filter { $0["operator"]?.string == "DoesNotExist" }
          .compactMap { $0["key"]?.string })
    }
    guard let first = sets.first else { return [] }
    return sets.dropFirst().reduce(first) { $0.intersection($1) }.sorted()
  }

  private func absence(of label: String, _ value: String) -> String {
    if let model = label.name(after: NodeLabel.model) {
      if obsolete.contains(model) {
        return
          "CPU model \(model) is one that the cluster calls obsolete (obsoleteCPUModels), so no node has"
          + " the label \(label); name a newer model or host-model"
      }
      return "no node has the CPU model \(model)" + hint(model, NodeLabel.model)
    }
    if let feature = label.name(after: NodeLabel.feature) {
      return "CPU feature \(feature) is required, and no node has it"
        + hint(feature, NodeLabel.feature)
    }
    if let type = label.name(after: NodeLabel.machineType) {
      return "no node has the machine type \(type)" + hint(type, NodeLabel.machineType)
    }
    return "no node has the label \(label)=\(value)"
  }

  private func presence(of label: String) -> String {
    if let feature = label.name(after: NodeLabel.feature) {
      return "CPU feature \(feature) is forbidden, and every node has it"
    }
    if label == NodeLabel.obsoleteHostModel {
      return
        "the host model of every node is one that the cluster calls obsolete (obsoleteCPUModels)"
    }
    return "every node has the label \(label), which affinity forbids"
  }

  /// What name may be meant, or that nothing is known of any.
  private func hint(_ name: String, _ prefix: String) -> String {
    let there = Set(nodes.flatMap { $0.keys.compactMap { $0.name(after: prefix) } }).sorted()
    if there.isEmpty { return ": no node says what it has, with labels \(prefix)..." }
    if let same = there.first(where: { $0.lowercased() == name.lowercased() }) {
      return "; did you mean \(same)? (names are case-sensitive)"
    }
    return nearest(to: name, among: there).map { "; did you mean \($0)?" } ?? ""
  }
}

extension ObjectNode {
  /// Whether a pod is the launcher pod of an instance.
  package func isLauncher(of instance: ObjectKey) -> Bool {
    self["metadata", "ownerReferences"]?.items.contains {
      $0["kind"]?.string == "VirtualMachineInstance" && $0["name"]?.string == instance.name
    } ?? false
  }
}

extension String {
  /// What follows a prefix; `nil` when it does not begin with that.
  fileprivate func name(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
