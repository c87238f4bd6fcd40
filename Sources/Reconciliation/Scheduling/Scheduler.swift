import KubeVirt
import Objects
import Scheduling

/// Binds pods to nodes: those without a node whose schedulerName is the default one. What it decides
/// and says is kube-scheduler's (``PodScheduler``).
package struct Scheduler: Reconciler {
  /// The name of the scheduler, in events too.
  package let name = PodScheduler.defaultName
  /// Where a pod goes rests on where the pods before it are.
  package let takesTurns = true

  /// A scheduler.
  package init() {}

  /// A pod's own key if it waits; the keys of all that have found no node when a node or another pod
  /// is another.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .pods:
      if waits(object) { return [key] }
      guard object.isPodFinished || object.isBeingDeleted || object.podNode != nil else {
        return []
      }
      return waiting(in: snapshot) { $0.hasCondition("PodScheduled", "False") }
    case .nodes: return waiting(in: snapshot) { _ in true }
    default: return []
    }
  }

  private func waiting(
    in snapshot: any Snapshot, where isMeant: (ObjectNode) -> Bool
  ) -> [ObjectKey] {
    snapshot.objects(of: .pods, namespace: nil).filter { waits($0.object) && isMeant($0.object) }
      .map(\.key)
  }

  private func waits(_ pod: ObjectNode) -> Bool {
    let scheduler = pod["spec", "schedulerName"]?.string ?? PodScheduler.defaultName
    return scheduler == PodScheduler.defaultName && pod.podNode == nil && !pod.isBeingDeleted
      && !pod.isPodFinished
  }

  /// Binds a pod, or says why not.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let pod = snapshot.object(key), waits(pod) else { return Outcome() }
    if Self.isLabStarting(snapshot, for: pod, at: moment.now) {
      return Outcome(after: .seconds(Self.labelPatience))
    }
    let isGated = pod["spec", "schedulingGates"]?.items.isEmpty == false
    guard !isGated else {
      return wait(
        key, pod, reason: PodScheduler.gatedReason, PodScheduler.gatedMessage, at: moment.now)
    }
    let cluster = LabCluster(for: key, pod, in: snapshot)
    var scheduler = cluster.scheduler
    let placement = scheduler.place(cluster.pod)
    if let node = placement.node { return bind(key, pod, to: node, at: moment.now) }
    var outcome = wait(
      key, pod, reason: placement.reason ?? "Unschedulable", placement.message ?? "",
      at: moment.now)
    if let preemption = placement.preemption {
      outcome.changes += evict(preemption, for: key, pod, in: snapshot)
    }
    return outcome
  }

  /// Seconds that a new node may take to say what machines it runs.
  private static let labelPatience = 60

  /// Whether a node that is made with the lab has not been ready yet, or not said yet what a pod asks
  /// for. A cluster's nodes are there before its machines: where a machine goes must not depend on which
  /// node was made first.
  private static func isLabStarting(
    _ snapshot: any Snapshot, for pod: ObjectNode, at now: Timestamp
  ) -> Bool {
    let facts = snapshot.objects(of: .hostFacts, namespace: nil).first?.object
    let asksReported = asksReported(pod)
    return (facts?["spec", "nodes"]?.items ?? []).compactMap(\.string).contains { name in
      let node = snapshot.object(ObjectKey(.nodes, namespace: "", name: name))
      guard let node, node.condition("Ready") != nil else { return true }
      guard asksReported, !node.isRefusedNode, node.annotation(NodeLabel.sourceAnnotation) == nil
      else { return false }
      // One whose libvirt never says it is like one without the labels.
      let made = node["metadata", "creationTimestamp"]?.string.flatMap { Timestamp($0) } ?? now
      return now < made + labelPatience
    }
  }

  /// Whether it matters to a pod what a node's agent finds out of its libvirt.
  private static func asksReported(_ pod: ObjectNode) -> Bool {
    if pod["spec", "nodeSelector"]?.entries.contains(where: { NodeLabel.isReported($0.key) })
      == true
    {
      return true
    }
    let affinity = pod["spec", "affinity", "nodeAffinity"]
    let required =
      affinity?["requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]?.items ?? []
    let preferred =
      affinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.items.compactMap {
        $0["preference"]
      } ?? []
    return (required + preferred).contains { term in
      term["matchExpressions"]?.items.contains { expression in
        expression["key"]?.string.map { label in
          // Which KubeVirt asks of nearly every machine: only an old host's model is obsolete.
          label != NodeLabel.obsoleteHostModel && NodeLabel.isReported(label)
        } ?? false
      } ?? false
    }
  }

  private func bind(
    _ key: ObjectKey, _ pod: ObjectNode, to node: String, at now: Timestamp
  ) -> Outcome {
    let event = Event(
      pod, "Scheduled", "Successfully assigned \(key.namespace)/\(key.name) to \(node)",
      from: name)
    return Outcome(PodBinding.changes(key, pod, to: node, at: now) + [.event(event)])
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
    if reason != PodScheduler.gatedReason {
      changes.append(
        .event(Event(pod, "FailedScheduling", message, isWarning: true, from: name)))
    }
    return Outcome(changes)
  }

  /// Deletes the pods that give way.
  private func evict(
    _ preemption: Placement.Preemption, for key: ObjectKey, _ pod: ObjectNode,
    in snapshot: any Snapshot
  ) -> [Change] {
    preemption.victims.flatMap { victim -> [Change] in
      let victimKey = ObjectKey(.pods, namespace: victim.namespace, name: victim.name)
      guard let object = snapshot.object(victimKey), !object.isBeingDeleted else { return [] }
      return [
        .delete(victimKey, uid: object.uid),
        .event(
          Event(
            object, "Preempted", "Preempted by pod \(pod.uid) on node \(preemption.node)",
            from: name)),
      ]
    }
  }
}
