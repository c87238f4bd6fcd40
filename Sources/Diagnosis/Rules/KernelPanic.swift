/// The guest's kernel panicked, for another reason than a missing root file system.
struct KernelPanic: DiagnosisRule {
  let id = "PXL053"
  let stage = FaultStage.system
  let consequences: Consequences = [
    "PXL013", "PXL033",
  ]

  private static let marker = "not syncing: "

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, !evidence.hasNoRoot,
      let panic = evidence.console(.kernelPanic).last
    else { return [] }
    let words = panic.text.firstRange(of: Self.marker).map { String(panic.text[$0.upperBound...]) }
    let reason = words ?? panic.text
    let fix: String
    if reason.contains("kill init") {
      fix =
        "The first process ended: look above the panic on the console for what it said, and at "
        + "rdinit= or init= on the kernel's command line."
    } else if reason.contains("No working init") || reason.contains("Requested init") {
      fix = "Put the program that init= names into the root file system, or take init= away."
    } else if reason.contains("memory") {
      fix = "Give the machine more memory: the initramfs is unpacked into it."
    } else {
      fix = "Look above the panic on the console, and at the kernel's command line."
    }
    return [
      Finding(
        id, mac: evidence.mac, title: "The guest's kernel panicked: \(reason).",
        evidence: (evidence.console(.noInit) + [panic]).map { EvidenceItem("console: \($0.text)") },
        fix: fix)
    ]
  }
}
