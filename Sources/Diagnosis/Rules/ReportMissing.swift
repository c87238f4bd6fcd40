/// The guest's kernel, or what loads it, ran and the probe did not report.
struct ReportMissing: DiagnosisRule {
  let id = "PXL013"
  let stage = FaultStage.loader

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.expectation?.reports == true, evidence.guest == nil, evidence.programRan,
      evidence.console(.refused).isEmpty
    else {
      return []
    }
    let mac = evidence.mac
    let last = evidence.console.last.map { ["console, last: \($0.text)"] as [EvidenceItem] } ?? []
    if let unreadable = evidence.console(.reportUnreadable).last {
      return [
        Finding(
          id, mac: mac, title: "The probe's report cannot be read.",
          evidence: [unreadable.problem, unreadable.text].compactMap { $0 }.map {
            EvidenceItem($0)
          },
          fix: "Kernel messages may have run into the line: boot with quiet.")
      ]
    }
    if let kernel = evidence.console(.kernel).last {
      return [
        Finding(
          id, mac: mac, title: "The kernel started, but the probe did not report.",
          evidence: ["console: \(kernel.text)"] + last,
          fix: "See that the initramfs is the probe's and that the kernel drives the serial port: "
            + "console=ttyS0 shows what it says there.")
      ]
    }
    return [
      Finding(
        id, mac: mac, title: "The boot program ran, but no kernel started.",
        evidence: last,
        fix: "Look at the loader's configuration (grub.cfg) and at the files it asked for.")
    ]
  }
}
