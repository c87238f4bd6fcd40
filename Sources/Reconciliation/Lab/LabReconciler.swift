import Objects

/// Says in a Lab's status whether all that it depends on runs, and whether its machines are still
/// starting.
///
/// - `phase` is `starting` while a machine is on its way to run, else `running`. One that waits for a
///   person, since no node fits or its starts keep failing, is not on its way.
/// - Condition Available: False while a part is starting for the first time or is given up.
/// - Condition Degraded: True while a part that ran does not, or a node is not heard of; the message
///   names them.
package struct LabReconciler: Reconciler {
  /// The controller's name.
  package let name = "lab-controller"

  /// A controller.
  package init() {}

  /// The keys of all labs: there is one.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .labs: [key]
    case .parts, .nodes, .virtualMachines, .virtualMachineInstances:
      snapshot.objects(of: .labs, namespace: nil).map(\.key)
    default: []
    }
  }

  /// Writes the lab's status.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard var lab = snapshot.object(key) else { return Outcome() }
    let seen = lab
    lab["status", "phase"] = .text(isStarting(snapshot) ? "starting" : "running")
    let parts = snapshot.objects(of: .parts, namespace: nil).map { Part($0.object) }
    let ailing =
      parts.filter(\.isAiling).map(\.description)
      + snapshot.objects(of: .nodes, namespace: nil).compactMap { silence(of: $0.object) }
    let missing = parts.filter { !$0.isThere }.map(\.description)
    lab.setCondition(
      Condition(
        type: "Available", status: missing.isEmpty ? "True" : "False",
        reason: missing.isEmpty ? "AllPartsThere" : "PartsMissing",
        message: missing.joined(separator: "; "), since: moment.now))
    lab.setCondition(
      Condition(
        type: "Degraded", status: ailing.isEmpty ? "False" : "True",
        reason: ailing.isEmpty ? "AllPartsRun" : "PartsDown",
        message: ailing.joined(separator: "; "), since: moment.now))
    return lab == seen ? Outcome() : Outcome([.updateStatus(key, lab)])
  }

  /// A program as its status has it.
  private struct Part {
    let title: String
    let state: String
    let message: String

    init(_ object: ObjectNode) {
      title = object["spec", "title"]?.string ?? object.name
      state = object["status", "state"]?.string ?? "starting"
      message = object["status", "message"]?.string ?? ""
    }

    var isAiling: Bool { !["running", "starting"].contains(state) }
    var isThere: Bool { !["starting", "failed"].contains(state) }
    var description: String { "\(title): \(state)" + (message.isEmpty ? "" : " (\(message))") }
  }

  /// What is to be said of a node whose agent has fallen silent; `nil` for others.
  private func silence(of node: ObjectNode) -> String? {
    guard node.hasCondition("Ready", "Unknown") else { return nil }
    return "node \(node.name): \(node.condition("Ready")?["message"]?.string ?? "not heard of")"
  }

  private func isStarting(_ snapshot: any Snapshot) -> Bool {
    let instances = snapshot.objects(of: .virtualMachineInstances, namespace: nil)
    let isOnItsWay = instances.contains { _, instance in
      guard [.unset, .pending, .scheduling, .scheduled].contains(instance.phase) else {
        return false
      }
      return !instance.isBeingDeleted
        && !instance.hasCondition("PodScheduled", "False", reason: "Unschedulable")
    }
    // One that no controller has looked at yet may become one that starts.
    return isOnItsWay
      || snapshot.objects(of: .virtualMachines, namespace: nil).contains { _, machine in
        machine["status", "printableStatus"] == nil
      }
  }
}
