import Objects
import Scheduling

/// Has pods leave nodes whose NoExecute taints they do not tolerate, or no longer; what becomes of their
/// machines is their run strategy's affair.
package struct TaintEvictionReconciler: Reconciler {
  /// The controller's name, in events too.
  package let name = "taint-eviction-controller"

  /// A controller.
  package init() {}

  /// A pod's own key, and those of all pods on a node that changes.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .pods: isOnNode(object) ? [key] : []
    case .nodes:
      snapshot.objects(of: .pods, namespace: nil)
        .filter { $0.object.podNode == key.name && isOnNode($0.object) }.map(\.key)
    default: []
    }
  }

  private func isOnNode(_ pod: ObjectNode) -> Bool {
    pod.podNode != nil && !pod.isBeingDeleted && !pod.isPodFinished
  }

  /// Deletes a pod whose time is over, and looks again when it will be.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let pod = snapshot.object(key), isOnNode(pod), let name = pod.podNode,
      let node = snapshot.object(ObjectKey(.nodes, namespace: "", name: name))
    else { return Outcome() }
    func seconds(_ text: ObjectNode?) -> Int {
      (text?.string.flatMap(Timestamp.init) ?? moment.now).seconds
    }
    let taints = (node["spec", "taints"]?.items ?? []).map {
      TaintEviction.Since($0, since: seconds($0["timeAdded"]))
    }
    let bound = pod.condition("PodScheduled")?["lastTransitionTime"]
    guard let end = TaintEviction.time(for: pod, bound: seconds(bound), taints: taints) else {
      return Outcome()
    }
    guard end <= moment.now.seconds else {
      return Outcome(after: .seconds(end - moment.now.seconds))
    }
    var leaving = pod
    leaving.setCondition(
      Condition(
        type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint", since: moment.now))
    return Outcome([
      .updateStatus(key, leaving), .delete(key, uid: pod.uid),
      .event(
        Event(
          pod, "TaintManagerEviction", "Marking for deletion Pod \(key.namespace)/\(key.name)",
          from: self.name)),
    ])
  }
}
