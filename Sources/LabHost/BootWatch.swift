import Diagnosis
import Kinds
import LabPlan
import Objects

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

  /// The verdict on a machine whose node, one of several, has ended.
  private func lost(_ machine: MachinePlan) async throws -> MachineVerdict? {
    let node = try await node(of: machine)
    for try await change in client.api.watch(LabPart.resource) {
      let part = try change.parts.first {
        $0.spec.isNode == true && $0.spec.title == node && $0.hasEnded
      }
      guard let part else { continue }
      var verdict = MachineVerdict(
        lost: machine.name, node: node, reason: part.status?.message ?? "", places: machine.places)
      verdict.expectedFinding = machine.expectedFinding
      return verdict
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// The node that a machine's instance is bound to, once it is.
  private func node(of machine: MachinePlan) async throws -> String {
    for try await change in client.api.watch(.virtualMachineInstances) {
      if let node = change.object(of: machine.instanceKey)?["status", "nodeName"]?.string,
        !node.isEmpty
      {
        return node
      }
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }

  /// The verdict on a machine that no node takes.
  private func pending(_ machine: MachinePlan) async throws -> MachineVerdict? {
    for try await change in client.api.watch(.virtualMachineInstances) {
      guard
        let reason = MachineStatus.pendingReason(of: change.object(of: machine.instanceKey))
      else { continue }
      let missing = try await client.snapshot().missingLabels(of: machine.instanceKey)
      var verdict = MachineVerdict(
        pending: machine.name, reasons: [reason] + missing, places: machine.places)
      verdict.expectedFinding = machine.expectedFinding
      return verdict
    }
    throw LabHostError(.lab, "the lab \(client.lab) has ended")
  }
}

extension ObjectChange {
  /// The programs that this change tells of.
  fileprivate var parts: [LabPart] {
    get throws {
      switch self {
      case .all(let objects): try objects.map { try $0.object.decoded(as: LabPart.self) }
      case .set(_, let object): [try object.decoded(as: LabPart.self)]
      case .gone: []
      }
    }
  }

  /// The object of a key as this change has it; `nil` when it says nothing of it, or that it is gone.
  fileprivate func object(of key: ObjectKey) -> ObjectNode? {
    switch self {
    case .all(let objects): objects.first { $0.key == key }?.object
    case .set(key, let object): object
    default: nil
    }
  }
}
