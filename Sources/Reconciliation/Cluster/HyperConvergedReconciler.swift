import KubeVirt
import Objects

/// Writes the KubeVirt that a HyperConverged asks for, and writes it again where somebody has changed it
/// (hyperconverged-cluster-operator, controllers/operands). Of all HyperConvergeds it looks at the one
/// with the operator's name.
package struct HyperConvergedReconciler: Reconciler {
  /// The controller's name, in events too.
  package let name = HyperConvergedObject.name

  /// A controller.
  package init() {}

  /// A HyperConverged's own key, also for its KubeVirt.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch (key.resource, key.name) {
    case (.hyperConvergeds, HyperConvergedObject.name): [key]
    case (.kubeVirts, KubeVirtObject.name):
      [
        ObjectKey(
          .hyperConvergeds, namespace: key.namespace, name: HyperConvergedObject.name)
      ]
    default: []
    }
  }

  /// Makes or changes the KubeVirt, and says so in the HyperConverged's status.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let owner = snapshot.object(key), !owner.isBeingDeleted,
      let wanted = KubeVirtObject(
        of: HyperConvergedConversion.converted(owner, to: HyperConvergedConversion.versions[0]))
    else { return Outcome() }
    let kubeVirt = ObjectKey(
      .kubeVirts, namespace: key.namespace, name: KubeVirtObject.name)
    var changes: [Change] = []
    let event: (isWarning: Bool, reason: String)?
    if let present = snapshot.object(kubeVirt) {
      var object = present
      object["spec"] = wanted.spec
      for label in wanted.labels.entries {
        object["metadata", "labels", label.key] = label.value
      }
      if object != present { changes.append(.update(kubeVirt, object)) }
      event = object == present ? nil : Self.event(ofUpdate: owner)
    } else {
      changes.append(
        .create(
          kubeVirt,
          [
            "apiVersion": "kubevirt.io/v1", "kind": "KubeVirt",
            "metadata": [
              "labels": wanted.labels, "ownerReferences": [owner.controllerReference],
            ],
            "spec": wanted.spec,
          ]))
      event = (false, "Created")
    }
    if let event {
      changes.append(
        .event(
          Event(
            owner, event.reason, "\(event.reason) KubeVirt \(kubeVirt.name)",
            isWarning: event.isWarning, from: name)))
    }
    let status = Self.status(of: owner, at: moment.now)
    if status != owner { changes.append(.updateStatus(key, status)) }
    return Outcome(changes)
  }

  /// An update that nothing in the HyperConverged asks for puts back what somebody else has changed. Its
  /// generation does not tell of annotations.
  private static func event(ofUpdate owner: ObjectNode) -> (isWarning: Bool, reason: String) {
    let isOwn =
      owner["status", "observedGeneration"]?.integer != owner.generation
      || owner["spec", "tuningPolicy"]?.string == "annotation"
    return isOwn ? (false, "Updated") : (true, "Overwritten")
  }

  private static func status(of owner: ObjectNode, at now: Timestamp) -> ObjectNode {
    var object = owner
    for (type, isTrue) in [
      ("ReconcileComplete", true), ("Available", true), ("Progressing", false),
      ("Degraded", false), ("Upgradeable", true),
    ] {
      object.setCondition(
        Condition(
          type: type, status: isTrue ? "True" : "False", reason: "ReconcileCompleted",
          message: "Reconcile completed successfully", since: now))
    }
    object["status", "observedGeneration"] = .integer(owner.generation)
    return object
  }
}
