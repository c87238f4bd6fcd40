import Capture
import Dataplane
import Kinds
import LabPlan

extension NodeAgent {
  /// Makes the network what the plan has.
  ///
  /// - Throws: `CommandError` of what failed, `CaptureError`.
  func applyNetwork(_ wanted: LabPlan) async throws {
    guard let present = plan else {
      try await Dataplane(wanted.dataplane, runner: runner).apply()
      await watchDataplane(wanted)
      try await joinTrunks(wanted.trunks)
      try listen(wanted)
      writer.tell(labReference, reason: "Phase", "network made")
      return
    }
    guard present.dataplane != wanted.dataplane else { return }
    let kept = Set(wanted.dataplane.bridges.map(\.device))
    for bridge in present.dataplane.bridges where !kept.contains(bridge.device) {
      await wire.stop(bridge.device)
    }
    for command in wanted.dataplane.changes(from: present.dataplane) {
      try await runner.run(command)
    }
    await watchDataplane(wanted)
    try listen(wanted)
  }

  private func listen(_ plan: LabPlan) throws {
    for bridge in plan.dataplane.bridges {
      try wire.listen(
        on: bridge.device, device: bridge.captureDevice,
        file: configuration.paths.capture(bridge.device),
        snapshotLength: plan.capture.snapshotLength,
        rotation: CaptureWriter.Rotation(
          size: plan.capture.limit / 2,
          earlier: configuration.paths.earlierCapture(bridge.device)))
    }
  }

  private func joinTrunks(_ trunks: [TrunkPlan]) async throws {
    for trunk in trunks {
      for command in trunk.join { try await runner.run(command) }
      writer.tell(
        labReference, reason: "Phase", "\(trunk.interface) joined \(trunk.bridge) as a trunk")
    }
  }
}
