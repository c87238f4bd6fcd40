import Objects

/// Empties a namespace that is to go, and lets it go when nothing is left in it (kube-controller-manager,
/// pkg/controller/namespace). What is owned by an object of the namespace goes with its owner, so that a
/// machine ends in its usual order.
package struct NamespaceReconciler: Reconciler {
  /// The controller's name.
  package let name = "namespace-controller"
  /// What keeps a namespace while it is emptied. A cluster has the same name in `spec.finalizers`, which
  /// no other kind has.
  package static let finalizer = "kubernetes"

  /// A controller.
  package init() {}

  /// A namespace's own key, and that of the namespace of an object that changes, if it is to go.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    if key.resource == .namespaces { return object.isBeingDeleted ? [key] : [] }
    guard !key.namespace.isEmpty else { return [] }
    let namespace = ObjectKey(.namespaces, namespace: "", name: key.namespace)
    return snapshot.object(namespace)?.isBeingDeleted == true ? [namespace] : []
  }

  /// Says that the namespace ends, deletes what is in it, and lets it go.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard var namespace = snapshot.object(key), namespace.isBeingDeleted,
      namespace.finalizers.contains(Self.finalizer)
    else { return Outcome() }
    var changes: [Change] = []
    if namespace["status", "phase"]?.string != "Terminating" {
      namespace["status", "phase"] = "Terminating"
      changes.append(.updateStatus(key, namespace))
    }
    let content = snapshot.objects(inNamespace: key.name)
    guard content.isEmpty else {
      let here = Dictionary(content.map { ($0.object.uid, $0.object) }) { first, _ in first }
      for (key, object) in content
      where !object.isBeingDeleted && !Self.goesWithAnOwner(object, among: here) {
        changes.append(.delete(key, uid: object.uid))
      }
      return Outcome(changes)
    }
    namespace.removeFinalizers(Self.finalizer)
    return Outcome(changes + [.update(key, namespace)])
  }

  /// Whether an object has a controller among others that goes, or whose own controllers do. Of those that
  /// own one another in a circle none does.
  private static func goesWithAnOwner(
    _ object: ObjectNode, among here: [String: ObjectNode]
  ) -> Bool {
    var seen: Set<String> = [object.uid]
    var last = object
    while let uid = last.controller?.uid, let owner = here[uid] {
      guard seen.insert(uid).inserted else { return false }
      if owner.isBeingDeleted { return true }
      last = owner
    }
    return seen.count > 1
  }
}
