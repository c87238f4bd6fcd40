import Diagnosis
import Kinds
import Objects
import Planning

extension LabClient {
  /// Waits until machines are as they should be.
  ///
  /// - Parameters:
  ///   - name: the machine; `nil` for all that have an instance.
  ///   - limit: how long it may take.
  /// - Returns: the verdicts on their newest boots; `nil` where something else was waited for.
  /// - Throws: ``LabHostError`` when the time is over, or there is no such machine.
  package func wait(
    for state: WaitedState, machine name: String?, within limit: Duration
  ) async throws -> LabReport? {
    let snapshot = try await snapshot()
    let plan = try snapshot.plan(lab: lab)
    if let name, !plan.machines.contains(where: { $0.name == name }) {
      throw LabHostError(
        .request,
        "the lab \(lab) has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    let machines = plan.machines.filter { machine in
      name.map { machine.name == $0 } ?? (snapshot.objects[machine.instanceKey] != nil)
    }
    guard state == .verdict else {
      for machine in machines {
        _ = try await wait(for: machine.instanceKey, within: limit) { instance in
          state.holds(of: instance) ? true : nil
        }
      }
      return nil
    }
    var report = LabReport(
      lab: lab, dataplane: plan.dataplane.engine.choice.rawValue,
      acceleration: plan.acceleration.choice, machines: [])
    let watch = BootWatch(
      client: self, machines: machines.filter { $0.expectation != nil }, former: [])
    guard !watch.machines.isEmpty else { return report }
    report.machines = try await withThrowingTaskGroup(of: [MachineVerdict]?.self) { group in
      group.addTask { try await watch.verdicts() }
      group.addTask { try await watch.lostNode() }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let verdicts = first else {
        throw LabHostError(.lab, "not all machines of the lab \(lab) were judged within \(limit)")
      }
      return verdicts
    }
    return report
  }
}
