/// libvirt or QEMU refused to start the machine.
struct MachineNotStarted: FindingKind {
  let id = "PXL063"
  let fields: [CauseField] = [.memory, .secureBoot]

  func finding(_ reason: String) -> Finding {
    let lower = reason.lowercased()
    let fix: String
    if lower.contains("smm") {
      fix =
        "Secure Boot needs System Management Mode: features.smm.enabled: true in the machine, and a "
        + "KVM or TCG that emulates it."
    } else if lower.contains("allocate memory") || lower.contains("memory") {
      fix = "Lower domain.memory.guest, or run the machine where there is that much."
    } else if lower.contains("firmware") || lower.contains("loader") || lower.contains("nvram") {
      fix = "See `pxelab doctor` for the firmware images that are here, and the machine's firmware."
    } else {
      fix = "QEMU's own words are in the machine's log: pxelab logs --list."
    }
    return Finding(
      id, mac: nil, title: "The machine was not started: \(reason).",
      evidence: [EvidenceItem(reason)], fix: fix)
  }
}

extension MachineVerdict {
  /// The verdict on a machine that libvirt could not start, with its reason.
  package init(
    notStarted name: String, reason: String, places: [CauseField: ManifestPlace] = [:]
  ) {
    self.init(
      name: name, missing: "the machine was not started",
      finding: MachineNotStarted().finding(reason), places: places)
  }
}
