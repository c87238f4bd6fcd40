import Capture
import Dataplane
import ExternalCommand
import Kinds
import Planning

extension NodeAgent {
  /// Makes the network what the plan has.
  ///
  /// - Throws: `CommandError` of what failed, `CaptureError`.
  func applyNetwork(_ wanted: LabPlan) async throws {
    guard let present = plan else {
      if case .node = configuration.role {
        try await runner.run(Command("ip", ["link", "set", "dev", "lo", "up"]))
      }
      try await Dataplane(wanted.dataplane, runner: runner).apply()
      await watchDataplane(wanted)
      try await joinTrunks(wanted.trunks)
      try listen(wanted)
      await tellUplinks(wanted)
      if configuration.role.serves {
        writer.tell(labReference, reason: "Phase", "network made")
      }
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
    await tellUplinks(wanted)
  }

  /// Says what the node has plugged into the fabric, which joins it then.
  private func tellUplinks(_ plan: LabPlan) async {
    guard let text = plan.joinedUplinks(session: session) else { return }
    await NodeRegistration(agent: self).annotate(JoinedUplink.annotation, text)
  }

  private func listen(_ plan: LabPlan) throws {
    for bridge in plan.dataplane.bridges {
      try wire.listen(
        on: bridge.device, device: bridge.captureDevice,
        file: configuration.files.capture(bridge.device),
        snapshotLength: plan.capture.snapshotLength,
        rotation: CaptureWriter.Rotation(
          size: plan.capture.limit / 2,
          earlier: configuration.files.earlierCapture(bridge.device)))
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
