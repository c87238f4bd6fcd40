import KubeVirt
import Objects

/// One look at a machine: what it is to become, gathered on the way.
struct VirtualMachinePass {
  let key: ObjectKey
  let seen: ObjectNode
  let snapshot: any Snapshot
  let now: Timestamp
  let source: String
  private var machine: ObjectNode
  /// The instance as it will be after the changes.
  private var instance: ObjectNode?
  /// An instance of the same name that belongs to nobody or to another.
  private var stranger: ObjectNode?
  private let instanceKey: ObjectKey
  private var changes: [Change] = []
  private var lastChanges: [Change] = []
  private var events: [Change] = []
  private var failure: StartRefusal?
  private var sizing: InstanceSizing?
  private(set) var after: Duration?

  init(
    key: ObjectKey, machine: ObjectNode, snapshot: any Snapshot, now: Timestamp, source: String
  ) {
    self.key = key
    self.machine = machine
    self.snapshot = snapshot
    self.now = now
    self.source = source
    seen = machine
    instanceKey = ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name)
    let found = snapshot.object(instanceKey)
    if found?.controller?.uid == machine.uid { instance = found } else { stranger = found }
  }

  var outcome: Outcome { Outcome(changes + lastChanges + events, after: after) }

  mutating func run(_ admit: VirtualMachineReconciler.Admission) {
    if machine.isBeingDeleted {
      guard instance != nil, !machine.finalizers.contains("orphan") else {
        machine.removeFinalizers(Mark.machineFinalizer)
        if machine != seen { changes.append(.update(key, machine)) }
        return
      }
      stop()
      return finish(strategy: nil, requests: pendingRequests)
    }
    machine.addFinalizer(Mark.machineFinalizer)
    adopt()
    let strategy: RunStrategy
    do {
      strategy = try RunStrategy(of: machine)
    } catch {
      failure = StartRefusal("Error fetching RunStrategy: \(error.message)")
      return finish(strategy: nil, requests: pendingRequests)
    }
    do throws(InstanceSizing.Failure) {
      try findSizing()
    } catch {
      // An instance that there is was made by what was there then: it can be stopped all the same.
      failure = StartRefusal(error.message, reason: error.reason)
      guard instance != nil else {
        return finish(strategy: strategy, requests: pendingRequests)
      }
    }
    makeDataVolumes()
    takeStep(strategy, admit)
  }

  /// Looks up what the machine names, also of one that is not to start.
  private mutating func findSizing() throws(InstanceSizing.Failure) {
    guard InstanceSizing.isNeeded(for: machine) else { return }
    var instancetypes = Instancetypes(isComplete: true)
    for resource in Instancetypes.resources {
      for (_, object) in snapshot.objects(of: resource, namespace: nil) {
        instancetypes.add(ManifestDocument(object: object))
      }
    }
    sizing = try InstanceSizing(of: machine, namespace: key.namespace, instancetypes)
  }

  private mutating func makeDataVolumes() {
    for change in DataVolumeTemplates.changes(of: machine, key, in: snapshot) {
      changes.append(change)
      tell("SuccessfulDataVolumeCreate", "Created DataVolume \(change.key.name)")
    }
  }

  private var pendingRequests: [StateChangeRequest] {
    StateChangeRequest.pending(of: machine, instance: instance)
  }

  private mutating func takeStep(
    _ strategy: RunStrategy, _ admit: VirtualMachineReconciler.Admission
  ) {
    var requests = pendingRequests
    let step = PowerStep(
      strategy, instance: instance, request: requests.first,
      lastStrategy: machine["status", "runStrategy"]?.string,
      secondsLeft: StartFailure.secondsLeft(of: machine, at: now))
    switch step {
    case .keep: break
    case .start: if failure == nil { start(requests.first, admit) }
    case .stop(let restarts):
      stop()
      if restarts, !requests.contains(where: \.isStart) {
        requests.append(StateChangeRequest(tree: StateChangeRequest.start))
      }
    case .switchOn:
      if machine["spec", "runStrategy"] != nil {
        machine["spec", "runStrategy"] = .text(RunStrategy.always.rawValue)
      } else {
        machine["spec", "running"] = true
      }
      // The start follows, of the new generation, and is put off by nothing.
      changes.append(.update(key, machine))
      machine["status", "startFailure"] = nil
      if machine["status"] != seen["status"] { changes.append(.updateStatus(key, machine)) }
      return
    case .wait(let seconds): after = .seconds(seconds)
    }
    if instance != nil, instance?.isBeingDeleted == false, instance?.phase.isFinal == false,
      requests.first?.isStart == true
    {
      requests.removeFirst()
    }
    finish(strategy: strategy, requests: requests)
  }

  // MARK: - The instance

  /// Takes an instance that nobody controls (ClaimVirtualMachineInstanceByName).
  private mutating func adopt() {
    guard var orphan = stranger, orphan.controller == nil, !orphan.isBeingDeleted else { return }
    let owners = orphan["metadata", "ownerReferences"]?.items ?? []
    orphan["metadata", "ownerReferences"] = .sequence(owners + [machine.controllerReference])
    if !orphan.phase.isFinal { orphan.addFinalizer(Mark.machineFinalizer) }
    changes.append(.update(instanceKey, orphan))
    instance = orphan
    stranger = nil
  }

  private mutating func start(
    _ request: StateChangeRequest?, _ admit: VirtualMachineReconciler.Admission
  ) {
    guard stranger == nil else {
      return refuse("\(instanceKey.resource) \"\(key.name)\" already exists")
    }
    var made = InstanceTemplate.instance(of: machine, request: request, at: now)
    do throws(InstanceSizing.Failure) {
      try sizing?.fill(&made)
    } catch {
      return refuse(error.message, "Failed to apply instancetype: \(error.message)")
    }
    switch admit(made, snapshot) {
    case .failure(let refusal): refuse(refusal.message)
    case .success(let admitted):
      changes += MachineRevision.changes(for: key, machine, in: snapshot)
      changes.append(.create(instanceKey, admitted))
      instance = admitted
      machine.removeCondition("RestartRequired")
      tell(
        "SuccessfulCreate",
        "Started the virtual machine by creating the new virtual machine instance \(key.name)")
    }
  }

  private mutating func refuse(_ reason: String, _ event: String? = nil) {
    let refusal = StartRefusal("Failure while starting VMI: \(reason)")
    failure = refusal
    guard seen.condition("Failure")?["message"]?.string != refusal.message else { return }
    tell(
      "FailedCreate", "Error creating virtual machine instance: \(event ?? reason)",
      isWarning: true)
  }

  private mutating func stop() {
    guard let instance, !instance.isBeingDeleted else { return }
    // The machine's status comes first: what the instance's end means must not be lost with it.
    lastChanges.append(.delete(instanceKey, uid: instance.uid))
    var stopped = instance
    stopped["metadata", "deletionTimestamp"] = .text("\(now)")
    self.instance = stopped
    tell(
      "SuccessfulDelete",
      "Stopped the virtual machine by deleting the virtual machine instance \(instance.uid)")
  }

  private mutating func tell(_ reason: String, _ message: String, isWarning: Bool = false) {
    events.append(.event(Event(seen, reason, message, isWarning: isWarning, from: source)))
  }

  // MARK: - The status

  private mutating func finish(strategy: RunStrategy?, requests: [StateChangeRequest]) {
    noteGeneration()
    machine["status", "created"] = instance == nil ? nil : true
    let isReady = instance?.hasCondition("Ready", "True") == true
    machine["status", "ready"] = isReady ? true : nil
    if let strategy, instance != nil || machine["status", "runStrategy"] != nil {
      machine["status", "runStrategy"] = .text(strategy.rawValue)
    }
    machine.setStateChangeRequests(requests.map(\.tree))
    StartFailure.note(instance, strategy, in: &machine, at: now)
    MachineConditions.copy(from: instance, failure: failure, to: &machine, at: now)
    let status = PrintableStatus(of: machine, strategy, instance: instance)
    machine["status", "printableStatus"] = .text(status.rawValue)
    if machine["metadata"] != seen["metadata"] { changes.append(.update(key, machine)) }
    if machine["status"] != seen["status"] { changes.append(.updateStatus(key, machine)) }
    release()
  }

  /// The generation that the instance is of; the same template makes it one of the newest.
  private mutating func noteGeneration() {
    guard let instance else { return }
    let template = MachineRevision.template(of: instance, namespace: key.namespace, in: snapshot)
    var generation = instance.annotation(Mark.generation).flatMap(Int.init)
    if let template, !instance.phase.isFinal {
      let isSame = template == machine["spec", "template"]
      if isSame, generation != machine.generation, !instance.isBeingDeleted {
        generation = machine.generation
        var changed = instance
        changed["metadata", "annotations", Mark.generation] = .text(String(machine.generation))
        changes.append(.update(instanceKey, changed))
        self.instance = changed
      }
      let isRequired = template["spec"] != machine["spec", "template", "spec"]
      MachineConditions.setRestartRequired(isRequired, on: &machine, at: now)
    } else {
      machine.removeCondition("RestartRequired")
    }
    if let generation {
      machine["status", "observedGeneration"] = .integer(generation)
      machine["status", "desiredGeneration"] = .integer(machine.generation)
    }
  }

  /// Lets go of an instance whose end is in the status now.
  private mutating func release() {
    guard var instance, instance.phase.isFinal,
      instance.finalizers.contains(Mark.machineFinalizer)
    else { return }
    instance.removeFinalizers(Mark.machineFinalizer)
    lastChanges.insert(.update(instanceKey, instance), at: 0)
  }
}
