import Objects

/// One look at an instance: what it is to become, gathered on the way.
struct VirtualMachineInstancePass {
  /// A launcher pod as it will be after the changes.
  private struct Pod {
    let key: ObjectKey
    var tree: ObjectNode
  }

  private static let source = "virtualmachine-controller"

  let key: ObjectKey
  let seen: ObjectNode
  let snapshot: any Snapshot
  let moment: Moment
  private var instance: ObjectNode
  private var pods: [Pod]
  private var changes: [Change] = []
  private var events: [Change] = []
  /// When to try again.
  private var retry: Duration?

  init(key: ObjectKey, instance: ObjectNode, snapshot: any Snapshot, moment: Moment) {
    self.key = key
    self.instance = instance
    self.snapshot = snapshot
    self.moment = moment
    seen = instance
    pods = snapshot.objects(of: .pods, controlledBy: instance.uid).map {
      Pod(key: $0.key, tree: $0.object)
    }
  }

  var outcome: Outcome { Outcome(changes + events, after: retry) }

  mutating func run() {
    if instance.isBeingDeleted {
      for index in pods.indices { deletePod(index) }
    } else if !instance.phase.isFinal, !isHeld {
      // Before anything is made of it: without the finalizer its pod could outlive it.
      instance.addFinalizer(Mark.instanceFinalizer)
      if instance.phase == .unset { instance.setPhase(.pending, at: moment.now) }
      changes.append(.update(key, instance))
      return
    }
    makePod()
    followPod()
    if instance.phase.isFinal { letGo() }
    if instance != seen { changes.append(.update(key, instance)) }
  }

  private var isHeld: Bool {
    instance.finalizers.contains(Mark.instanceFinalizer)
      || instance.finalizers.contains(Mark.qualifiedInstanceFinalizer)
  }

  // MARK: - Launcher pods

  /// The newest pod, on the instance's node once it has one (CurrentVMIPod).
  private var current: Pod? {
    pods.filter { pod in
      instance["status", "nodeName"]?.string.map { $0 == pod.tree.podNode } ?? true
    }.max { first, second in
      guard first.tree.created == second.tree.created else {
        return first.tree.created ?? moment.now < second.tree.created ?? moment.now
      }
      return first.key < second.key
    }
  }

  private mutating func makePod() {
    guard current == nil, !instance.isBeingDeleted,
      instance.phase == .pending || instance.phase == .unset
    else { return }
    let podKey = LaunchedPod.key(of: key, suffix: moment.nameSuffix())
    let pod: Pod
    let quotas: [Change]
    do throws(LaunchedPod.CreationFailure) {
      let launched = try LaunchedPod.tree(of: instance, podKey, in: snapshot)
      pod = Pod(key: podKey, tree: launched.pod)
      quotas = launched.quotas
    } catch {
      fail(error)
      return
    }
    instance.removeCondition("Synchronized")
    pods.append(pod)
    // The quotas first: of two pods that would fit alone, the later is refused.
    changes += quotas
    changes.append(.create(pod.key, pod.tree))
    tell("SuccessfulCreate", "Created virtual machine pod \(pod.key.name)")
  }

  private mutating func fail(_ failure: LaunchedPod.CreationFailure) {
    let condition = Condition(
      type: "Synchronized", status: "False", reason: "FailedCreate", message: failure.condition,
      since: moment.now)
    // What it is about may come later, a priority class for one.
    retry = .seconds(10)
    // Each attempt has another name for the pod, so the first message stays.
    guard !instance.hasCondition("Synchronized", "False", reason: "FailedCreate") else { return }
    instance.setCondition(condition)
    guard let message = failure.event else { return }
    events.append(
      .event(Event(seen, "FailedCreate", message, isWarning: true, from: Self.source)))
  }

  private mutating func deletePod(_ index: Int) {
    let pod = pods[index]
    guard !pod.tree.isBeingDeleted else { return }
    changes.append(.delete(pod.key, uid: pod.tree.uid))
    var deleted = pod.tree
    deleted["metadata", "deletionTimestamp"] = .text("\(moment.now)")
    pods[index].tree = deleted
    tell("SuccessfulDelete", "Deleted virtual machine pod \(pod.key.name)")
  }

  private mutating func tell(_ reason: String, _ message: String) {
    events.append(.event(Event(seen, reason, message, from: Self.source)))
  }

  // MARK: - The status

  private mutating func followPod() {
    let wasScheduling = [.unset, .pending, .scheduling].contains(instance.phase)
    while let phase = nextPhase, phase != instance.phase {
      if phase == .scheduled { handOver() }
      instance.setPhase(phase, at: moment.now)
    }
    let pod = current?.tree
    setReady(by: pod)
    if wasScheduling, let pod { copyPlacement(of: pod) }
    let active = pods.compactMap { pod -> ObjectNode.Entry? in
      guard !pod.tree.isPodFinished, let node = pod.tree.podNode else { return nil }
      return ObjectNode.Entry(key: pod.tree.uid, value: .text(node))
    }
    if active.isEmpty {
      instance["status", "activePods"] = nil
    } else {
      instance["status", "activePods"] = ObjectNode(.mapping(active))
    }
  }

  private var nextPhase: InstancePhase? {
    let pod = current?.tree
    switch instance.phase {
    case .unset, .pending:
      if pod != nil { return .scheduling }
      return instance.isBeingDeleted ? .failed : .pending
    case .scheduling:
      guard let pod, !pod.isPodGoingDown else { return .failed }
      return pod.isPodReady && pod.podNode != nil && !instance.isBeingDeleted ? .scheduled : nil
    // From here on the node's agent says how the guest is, while there is a pod.
    case .scheduled, .running: return pod == nil ? .failed : nil
    case .succeeded, .failed, .unknown: return nil
    }
  }

  private mutating func handOver() {
    guard let node = current?.tree.podNode else { return }
    instance["metadata", "labels", Mark.nodeName] = .text(node)
    instance["status", "nodeName"] = .text(node)
  }

  private mutating func copyPlacement(of pod: ObjectNode) {
    instance["status", "qosClass"] = pod["status", "qosClass"]
    if pod.hasCondition("PodScheduled", "False"), let condition = pod.condition("PodScheduled") {
      instance.setCondition(condition)
    } else {
      instance.removeCondition("PodScheduled")
    }
  }

  /// Ready as the pod has it (syncReadyConditionFromPod).
  private mutating func setReady(by pod: ObjectNode?) {
    func no(_ reason: String, _ message: String) -> ObjectNode {
      Condition(
        type: "Ready", status: "False", reason: reason, message: message, since: moment.now,
        hasProbeTime: true
      ).tree
    }
    let ready =
      if let pod {
        if pod.isPodGoingDown {
          no("PodTerminating", "virt-launcher pod is terminating")
        } else if instance.phase != .running {
          no("GuestNotRunning", "Guest VM is not reported as running")
        } else {
          pod.condition("Ready")
            ?? no("PodConditionMissing", "virt-launcher pod is missing the Ready condition")
        }
      } else {
        no("PodNotExists", "virt-launcher pod has not yet been scheduled")
      }
    instance.setCondition(ready)
  }

  /// Lets the instance go when no pod is left, and when no machine waits to see its end.
  private mutating func letGo() {
    if pods.isEmpty {
      instance.removeFinalizers(Mark.instanceFinalizer, Mark.qualifiedInstanceFinalizer)
    }
    let owner = instance.controller
    let machine = snapshot.object(
      ObjectKey(.virtualMachines, namespace: key.namespace, name: owner?.name ?? ""))
    if owner?.kind != "VirtualMachine" || machine?.uid != owner?.uid {
      instance.removeFinalizers(Mark.machineFinalizer)
    }
  }
}
