import Planning

/// What a machine's power shall do: POST /v1/machines/NAME/power.
package struct PowerRequest: Codable, Sendable, Hashable {
  /// What is done.
  package enum Action: String, Codable, Sendable, CaseIterable {
    /// The machine starts, from new: with a new variable store unless that is persistent.
    case on
    /// The power is taken away.
    case off
    /// The guest is asked to power off, by the ACPI power button.
    case shutdown
    /// The reset button: the machine begins again, with the same stores and disks.
    case reset
    /// Off, and on again.
    case cycle
    /// The processors stop.
    case pause
    /// They go on.
    case resume
  }

  /// What is done.
  package var action: Action
  /// What the machine boots at this start alone; with ``Action/cycle``.
  package var bootOnce: BootTarget?
  /// Whether the guest is asked to power off; with ``Action/cycle``.
  package var isSoft: Bool
  /// How long the guest has to power off when it is asked to, in seconds.
  package var patienceSeconds: Double

  /// A request.
  package init(
    _ action: Action, bootOnce: BootTarget? = nil, isSoft: Bool = false,
    patienceSeconds: Double = 60
  ) {
    self.action = action
    self.bootOnce = bootOnce
    self.isSoft = isSoft
    self.patienceSeconds = patienceSeconds
  }
}

/// What a command has to tell a person: the answer to a request that changes a machine.
package struct MachineAnswer: Codable, Sendable, Hashable {
  /// The machine as it is now.
  package var machine: MachineStatus
  /// What was done beyond what was asked for.
  package var notices: [String]

  /// An answer.
  package init(machine: MachineStatus, notices: [String] = []) {
    self.machine = machine
    self.notices = notices
  }
}
