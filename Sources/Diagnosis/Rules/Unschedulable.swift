/// The machine was not started: no node of a cluster like this machine would take it.
struct Unschedulable: FindingKind {
  let id = "PXL016"
  let fields: [CauseField] = [.processor]

  func finding(_ reasons: [String]) -> Finding {
    Finding(
      id, mac: nil,
      title: "The machine stays Pending: \(reasons.first ?? "it cannot be scheduled").",
      evidence: reasons.map { EvidenceItem($0) },
      fix: "Change cpu.model or the policy in cpu.features (force starts it anyway), or the"
        + " cluster's defaultCPUModel; `virsh domcapabilities` lists what can be had here.")
  }
}

extension MachineVerdict {
  /// The verdict on a machine that was not started, because no node would take it.
  package init(
    pending name: String, reasons: [String], places: [CauseField: ManifestPlace] = [:]
  ) {
    self.init(
      name: name, missing: "the machine stays Pending and was not started",
      finding: Unschedulable().finding(reasons), places: places)
  }
}
