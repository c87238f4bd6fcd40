import Objects

/// `status.phase` of an instance (KubeVirt, VirtualMachineInstancePhase).
enum InstancePhase: String {
  /// Nobody has looked at it.
  case unset = ""
  /// There is no launcher pod.
  case pending = "Pending"
  /// The launcher pod has no node, or is not ready there.
  case scheduling = "Scheduling"
  /// It is handed over to its node.
  case scheduled = "Scheduled"
  /// The guest runs.
  case running = "Running"
  /// The guest has powered off.
  case succeeded = "Succeeded"
  /// The guest has crashed, or the launcher pod was lost.
  case failed = "Failed"
  /// What another program wrote.
  case unknown = "Unknown"

  /// Whether nothing more will become of it.
  var isFinal: Bool { self == .succeeded || self == .failed }
}

extension ObjectNode {
  /// The phase of an instance.
  var phase: InstancePhase {
    let text = self["status", "phase"]?.string ?? ""
    return InstancePhase(rawValue: text) ?? .unknown
  }

  /// Whether the guest of an instance has ever run.
  var hasRun: Bool {
    self["status", "phaseTransitionTimestamps"]?.items.contains {
      $0["phase"]?.string == InstancePhase.running.rawValue
    } ?? false
  }

  /// Puts an instance in a phase, and notes when it first was (SetVMIPhaseTransitionTimestamp).
  package mutating func setPhase(_ phase: String, at now: Timestamp) {
    guard self["status", "phase"]?.string != phase else { return }
    self["status", "phase"] = .text(phase)
    let transitions = self["status", "phaseTransitionTimestamps"]?.items ?? []
    guard !transitions.contains(where: { $0["phase"]?.string == phase }) else { return }
    self["status", "phaseTransitionTimestamps"] = .sequence(
      transitions + [["phase": .text(phase), "phaseTransitionTimestamp": .text("\(now)")]])
  }

  mutating func setPhase(_ phase: InstancePhase, at now: Timestamp) {
    setPhase(phase.rawValue, at: now)
  }
}
