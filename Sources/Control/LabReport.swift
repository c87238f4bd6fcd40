import Diagnosis

/// The verdict on a lab: what `pxelab up --format json` prints.
public struct LabReport: Codable, Sendable, Hashable {
  /// The lab's name.
  public var lab: String
  /// What carried the frames: `linux-bridge` or `open-vswitch`.
  public var dataplane: String
  /// What ran the guests' code: `kvm` or `tcg`.
  public var acceleration: String
  /// The verdicts, in the order of the manifests.
  public var machines: [MachineVerdict]

  /// A report.
  public init(lab: String, dataplane: String, acceleration: String, machines: [MachineVerdict]) {
    self.lab = lab
    self.dataplane = dataplane
    self.acceleration = acceleration
    self.machines = machines
  }

  /// Whether every machine booted as promised.
  public var holds: Bool { machines.allSatisfy { $0.verdict == .pass } }
  /// The same, and a lab that is broken on purpose has the finding that it must have.
  public var isAsExpected: Bool { machines.allSatisfy(\.isAsExpected) }
}
