import Objects

/// The filters that a node must pass to be given a pod, in kube-scheduler's order and words.
enum NodeFilter {
  /// The first objection; `nil` when the node will do.
  static func objection(to node: ObjectNode, for pod: ObjectNode) -> String? {
    if node["spec", "unschedulable"]?.boolean == true || node.isBeingDeleted {
      return "node(s) were unschedulable"
    }
    // In a cluster a node that is not ready has a taint, which this is the word for.
    guard node.hasCondition("Ready", "True") else { return "node(s) had untolerated taint(s)" }
    let labels = node["metadata", "labels"]?.strings ?? [:]
    let selector = pod["spec", "nodeSelector"]?.strings ?? [:]
    guard selector.allSatisfy({ labels[$0.key] == $0.value }) else {
      return "node(s) didn't match Pod's node affinity/selector"
    }
    return nil
  }
}
