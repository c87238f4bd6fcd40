import Objects

/// Binds pods to nodes: those without a node whose schedulerName is the default one.
///
/// Of kube-scheduler it has four filters and no scores: the first node that fits is taken. Its words
/// are kube-scheduler's (pkg/scheduler/framework/types.go, FitError).
package struct Scheduler: Reconciler {
  /// `schedulerName` of pods that name none.
  static let defaultName = "default-scheduler"

  /// The name of the scheduler, in events too.
  package let name = Scheduler.defaultName

  /// Why a node is not for a pod, beyond what the filters say: what its processor lacks. Each is a
  /// reason in itself.
  package typealias Objections =
    @Sendable (_ pod: ObjectNode, _ instance: ObjectNode?, _ node: ObjectNode) -> [String]

  private let objections: Objections

  /// A scheduler.
  package init(objections: @escaping Objections = { _, _, _ in [] }) {
    self.objections = objections
  }

  /// A pod's own key if it waits, and the keys of all that wait when a node is another.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .pods: waits(object) ? [key] : []
    case .nodes:
      snapshot.objects(of: .pods, namespace: nil).filter { waits($0.object) }.map(\.key)
    default: []
    }
  }

  private func waits(_ pod: ObjectNode) -> Bool {
    let scheduler = pod["spec", "schedulerName"]?.string ?? Self.defaultName
    return scheduler == Self.defaultName && pod.podNode == nil && !pod.isBeingDeleted
      && !pod.isPodFinished
  }

  /// Binds a pod, or says why not.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let pod = snapshot.object(key), waits(pod), !Self.isLabStarting(snapshot) else {
      return Outcome()
    }
    let isGated = pod["spec", "schedulingGates"]?.items.isEmpty == false
    guard !isGated else {
      return wait(
        key, pod, reason: "SchedulingGated",
        "Scheduling is blocked due to non-empty scheduling gates", at: moment.now)
    }
    let instance = instance(of: pod, key, in: snapshot)
    var reasons: [String: Int] = [:]
    let nodes = snapshot.objects(of: .nodes, namespace: nil)
    for (node, object) in nodes {
      var found = NodeFilter.objection(to: object, for: pod).map { [$0] } ?? []
      if found.isEmpty { found = objections(pod, instance, object) }
      guard !found.isEmpty else { return bind(key, pod, to: node.name, at: moment.now) }
      for reason in Set(found) { reasons[reason, default: 0] += 1 }
    }
    let message = Self.message(reasons, nodes: nodes.count)
    return wait(key, pod, reason: "Unschedulable", message, at: moment.now)
  }

  /// Whether a node that is made with the lab has not been ready yet. A cluster's nodes are there before
  /// its machines: where a machine goes must not depend on which node was made first.
  private static func isLabStarting(_ snapshot: any Snapshot) -> Bool {
    let facts = snapshot.objects(of: .hostFacts, namespace: nil).first?.object
    return (facts?["spec", "nodes"]?.items ?? []).compactMap(\.string).contains { name in
      let node = snapshot.object(ObjectKey(.nodes, namespace: "", name: name))
      return node?.condition("Ready") == nil
    }
  }

  /// The instance that a launcher pod is of.
  private func instance(
    of pod: ObjectNode, _ key: ObjectKey, in snapshot: any Snapshot
  ) -> ObjectNode? {
    guard let owner = pod.controller, owner.kind == "VirtualMachineInstance" else { return nil }
    let instance = snapshot.object(
      ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: owner.name))
    return instance?.uid == owner.uid ? instance : nil
  }

  private func bind(
    _ key: ObjectKey, _ pod: ObjectNode, to node: String, at now: Timestamp
  ) -> Outcome {
    var bound = pod
    bound["spec", "nodeName"] = .text(node)
    bound.setCondition(Condition(type: "PodScheduled", status: "True", since: now))
    let event = Event(
      pod, "Scheduled", "Successfully assigned \(key.namespace)/\(key.name) to \(node)",
      from: name)
    return Outcome([.update(key, bound), .updateStatus(key, bound), .event(event)])
  }

  private func wait(
    _ key: ObjectKey, _ pod: ObjectNode, reason: String, _ message: String, at now: Timestamp
  ) -> Outcome {
    var waiting = pod
    waiting.setCondition(
      Condition(type: "PodScheduled", status: "False", reason: reason, message: message, since: now)
    )
    guard waiting != pod else { return Outcome() }
    var changes: [Change] = [.updateStatus(key, waiting)]
    if reason == "Unschedulable" {
      changes.append(
        .event(Event(pod, "FailedScheduling", message, isWarning: true, from: name)))
    }
    return Outcome(changes)
  }

  /// The scheduler's sentence. To make room by deleting other pods helps against none of the reasons.
  private static func message(_ reasons: [String: Int], nodes: Int) -> String {
    guard nodes > 0 else { return "no nodes available to schedule pods" }
    let listed = reasons.map { "\($0.value) \($0.key)" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return "0/\(nodes) nodes are available: \(listed.joined(separator: ", "))."
      + " no new claims to deallocate, preemption: 0/\(nodes) nodes are available:"
      + " \(nodes) Preemption is not helpful for scheduling."
  }
}
