import Diagnosis

/// The verdict on a lab: what `pxelab up --format json` prints.
package struct LabReport: Codable, Sendable, Hashable {
  /// The lab's name.
  package var lab: String
  /// What carried the frames: `linux-bridge` or `open-vswitch`.
  package var dataplane: String
  /// What ran the guests' code: `kvm` or `tcg`.
  package var acceleration: String
  /// The verdicts, in the order of the manifests.
  package var machines: [MachineVerdict]

  /// A report.
  package init(lab: String, dataplane: String, acceleration: String, machines: [MachineVerdict]) {
    self.lab = lab
    self.dataplane = dataplane
    self.acceleration = acceleration
    self.machines = machines
  }

  /// Whether every machine booted as promised.
  package var holds: Bool { machines.allSatisfy { $0.verdict == .pass } }
  /// The same, and a lab that is broken on purpose has the finding that it must have.
  package var isAsExpected: Bool { machines.allSatisfy(\.isAsExpected) }
}
