import Objects

/// Marks a node whose agent has stopped renewing its lease, and taints those that are not ready, so that
/// pods stay away and leave (kube-controller-manager, pkg/controller/nodelifecycle). When the agent is
/// back, it writes Ready itself.
package struct NodeLifecycle: Reconciler {
  /// The controller's name, in events too.
  package let name = "node-controller"

  /// The namespace of the nodes' leases.
  static let leaseNamespace = "kube-node-lease"

  private let gracePeriod: Int

  /// A controller.
  ///
  /// - Parameter gracePeriod: the seconds after which a lease is too old
  ///   (`--node-monitor-grace-period`).
  package init(gracePeriod: Int = 40) {
    self.gracePeriod = gracePeriod
  }

  /// A node's own key, also for its lease.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .nodes: [key]
    case .leases where key.namespace == Self.leaseNamespace:
      [ObjectKey(.nodes, namespace: "", name: key.name)]
    default: []
    }
  }

  /// Looks whether a node's lease is too old, and looks again when it will be.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard var node = snapshot.object(key) else { return Outcome() }
    let tainted = Self.tainted(node, at: moment.now)
    if tainted != node { return Outcome([.update(key, tainted)]) }
    // No kubelet is to be heard of where none was started.
    guard !node.hasCondition("Ready", "Unknown"), !node.isRefusedNode else { return Outcome() }
    let lease = snapshot.object(
      ObjectKey(.leases, namespace: Self.leaseNamespace, name: key.name))
    let renewed =
      lease?["spec", "renewTime"]?.string.flatMap(Timestamp.init) ?? lease?.created ?? node.created
    let age = moment.now.seconds - (renewed ?? moment.now).seconds
    guard age > gracePeriod else {
      return Outcome(after: .seconds(gracePeriod - max(0, age) + 1))
    }
    let hasReported = node.condition("Ready") != nil
    let heartbeat = node.condition("Ready")?["lastHeartbeatTime"]
    var condition = Condition(
      type: "Ready", status: "Unknown",
      reason: hasReported ? "NodeStatusUnknown" : "NodeStatusNeverUpdated",
      message: hasReported
        ? "Kubelet stopped posting node status." : "Kubelet never posted node status.",
      since: moment.now
    ).tree
    condition["lastHeartbeatTime"] = heartbeat
    node.setCondition(condition)
    let event = Event(
      node, "NodeNotReady", "Node \(key.name) status is now: NodeNotReady", from: name)
    return Outcome([.updateStatus(key, node), .event(event)])
  }

  private static let notReady = "node.kubernetes.io/not-ready"
  private static let unreachable = "node.kubernetes.io/unreachable"

  /// A node with the taints that its condition Ready asks for, and with the time of each NoExecute taint,
  /// from which tolerations count.
  private static func tainted(_ node: ObjectNode, at now: Timestamp) -> ObjectNode {
    let key: String? =
      if node.hasCondition("Ready", "False") {
        notReady
      } else if node.hasCondition("Ready", "Unknown") {
        unreachable
      } else { nil }
    var taints = (node["spec", "taints"]?.items ?? []).filter { taint in
      let name = taint["key"]?.string
      return name == key || name != notReady && name != unreachable
    }
    if let key {
      for effect in ["NoSchedule", "NoExecute"]
      where !taints.contains(where: {
        $0["key"]?.string == key && $0["effect"]?.string == effect
      }) {
        taints.append(["key": .text(key), "effect": .text(effect)])
      }
    }
    for index in taints.indices
    where taints[index]["effect"] == "NoExecute" && taints[index]["timeAdded"] == nil {
      taints[index]["timeAdded"] = .text("\(now)")
    }
    var tainted = node
    guard taints != node["spec", "taints"]?.items ?? [] else { return node }
    tainted["spec", "taints"] = taints.isEmpty ? nil : .sequence(taints)
    return tainted
  }
}
