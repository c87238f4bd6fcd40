import Objects

/// Lets a launcher pod go that is to go, once nothing of it can run on a node: it has none, or the
/// node's agent has written that it is finished. In a cluster API server and kubelet do this.
package struct LauncherPodReconciler: Reconciler {
  /// The controller's name.
  package let name = "launcher-pod-controller"

  /// A controller.
  package init() {}

  /// A pod's own key.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    key.resource == .pods ? [key] : []
  }

  /// Takes the finalizer away, when it is time.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard var pod = snapshot.object(key), pod.isBeingDeleted,
      pod.podNode == nil || pod.isPodFinished, pod.finalizers.contains(Mark.podFinalizer)
    else { return Outcome() }
    pod.removeFinalizers(Mark.podFinalizer)
    return Outcome([.update(key, pod)])
  }
}
