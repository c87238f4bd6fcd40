import Diagnosis
import Kinds
import Objects
import Planning

/// Waits for the verdicts of machines that were started.
struct BootWatch: Sendable {
  let client: LabClient
  /// The machines that are waited for.
  let machines: [MachinePlan]
  /// The boots that there were before.
  let former: Set<ObjectKey>
  /// Is told how far a machine's boot is, each time that it is further.
  var progress: @Sendable (MachinePlan, Boot.Status) -> Void = { _, _ in }

  /// The verdicts, in the machines' order; returns when there is one for each.
  func verdicts() async throws -> [MachineVerdict] {
    try await withThrowingTaskGroup(of: (Int, MachineVerdict?).self) { group in
      for (index, machine) in machines.enumerated() {
        group.addTask { (index, try await verdict(of: machine)) }
      }
      var verdicts: [(Int, MachineVerdict)] = []
      for try await (index, verdict) in group {
        if let verdict { verdicts.append((index, verdict)) }
      }
      return verdicts.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func verdict(of machine: MachinePlan) async throws -> MachineVerdict? {
    try await withThrowingTaskGroup(of: MachineVerdict?.self) { group in
      group.addTask { try await judged(machine) }
      group.addTask { try await pending(machine) }
      group.addTask { try await unplaced(machine) }
      group.addTask { try await lost(machine) }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }

  private func judged(_ machine: MachinePlan) async throws -> MachineVerdict? {
    var boots: [ObjectKey: Boot] = [:]
    for try await change in client.api.watch(Boot.resource) {
      switch change {
      case .all(let objects):
        boots = [:]
        for (key, object) in objects { try note(key, object, of: machine, in: &boots) }
      case .set(let key, let object): try note(key, object, of: machine, in: &boots)
      case .gone(let key): boots[key] = nil
      }
      // A machine that was started again meanwhile is judged by its newest boot.
      let newest = boots.values.max { ($0.status?.began ?? "") < ($1.status?.began ?? "") }
      guard let newest, let status = newest.status else { continue }
      progress(machine, status)
      if let verdict = status.verdict { return verdict }
      // Of a machine without an expectation it is enough that it runs.
      if !newest.spec.isJudged {
        try await runs(machine)
        return nil
      }
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// Returns when the machine's instance runs, or has run.
  private func runs(_ machine: MachinePlan) async throws {
    for try await change in client.api.watch(.virtualMachineInstances) {
      guard let instance = change.object(of: machine.instanceKey) else { continue }
      switch instance["status", "phase"]?.string {
      case "Running", "Succeeded", "Failed": return
      default: continue
      }
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  private func note(
    _ key: ObjectKey, _ object: ObjectNode, of machine: MachinePlan,
    in boots: inout [ObjectKey: Boot]
  ) throws {
    guard !former.contains(key), key.namespace == machine.key.namespace,
      object["spec", "instance"]?.string == machine.key.name,
      // Its status is written after it is made.
      object["status", "phase"] != nil
    else { return }
    boots[key] = try object.decoded(as: Boot.self)
  }

  /// Fails when the lab's only node has ended, or the fabric between its nodes, or the lab: nobody will
  /// judge any machine then.
  func lostNode() async throws -> Never {
    let nodes = try await client.plan().nodes
    for try await change in client.api.watch(LabPart.resource) {
      for part in try change.parts where part.spec.isNode == true && part.hasEnded {
        guard nodes.count == 1 || part.spec.title == NodeRole.fabricName else { continue }
        throw LabHostError(
          .lab,
          "the node \(part.spec.title) has ended, and its machines with it: "
            + (part.status?.message ?? ""))
      }
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// The verdict on a machine whose node, one of several, ends while the machine is on it.
  private func lost(_ machine: MachinePlan) async throws -> MachineVerdict? {
    var loss = NodeLoss(of: machine.instanceKey)
    for try await (resource, change) in client.api.watch([
      .virtualMachineInstances, LabPart.resource,
    ]) {
      try loss.note(change, of: resource)
      // What was said of the boot before the node ended, or is said of it all the same, counts.
      guard let part = loss.part, try await !isJudged(machine) else { continue }
      var verdict = MachineVerdict(
        lost: machine.name, node: part.spec.title, reason: part.status?.message ?? "",
        places: machine.places)
      verdict.expectedFinding = machine.expectedFinding
      return verdict
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// Whether there is a verdict on the machine's newest boot.
  private func isJudged(_ machine: MachinePlan) async throws -> Bool {
    let boots = try await client.snapshot().boots(of: machine.key).filter { boot in
      !former.contains(boot.key)
    }
    return boots.last?.status?.verdict != nil
  }

  /// The verdict on a machine that no node takes.
  private func pending(_ machine: MachinePlan) async throws -> MachineVerdict? {
    for try await change in client.api.watch(.virtualMachineInstances) {
      guard
        let reason = MachineStatus.pendingReason(of: change.object(of: machine.instanceKey))
      else { continue }
      let snapshot = try await client.snapshot()
      let missing = snapshot.missingLabels(
        of: machine.instanceKey,
        obsolete: try snapshot.nodePlan(lab: client.lab).obsoleteModels)
      return pendingVerdict(machine, [reason] + missing)
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// The verdict on a machine that names a scheduler which the lab does not have, or one that does not place it in
  /// the machine's time.
  private func unplaced(_ machine: MachinePlan) async throws -> MachineVerdict? {
    let pods = GroupResource("pods")
    for try await change in client.api.watch(pods) {
      guard let (key, pod) = change.launcher(of: machine.instanceKey),
        NamedScheduler(of: pod, among: []) != nil,
        let scheduler = NamedScheduler(of: pod, among: try await client.plan().schedulers)
      else { continue }
      if scheduler.isOfLab {
        try await Task.sleep(for: .seconds(machine.timeoutSeconds))
        guard let now = try await client.api.get(key),
          now["metadata", "uid"] == pod["metadata", "uid"],
          NamedScheduler(of: now, among: []) != nil
        else { continue }
      }
      return pendingVerdict(machine, [scheduler.reason(after: machine.timeoutSeconds)])
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  private func pendingVerdict(_ machine: MachinePlan, _ reasons: [String]) -> MachineVerdict {
    var verdict = MachineVerdict(
      pending: machine.name, reasons: reasons, places: machine.places)
    verdict.expectedFinding = machine.expectedFinding
    return verdict
  }
}
