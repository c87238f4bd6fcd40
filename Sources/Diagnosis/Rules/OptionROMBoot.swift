/// The network card's option ROM boots before the firmware's own PXE.
struct OptionROMBoot: DiagnosisRule {
  let id = "PXL010"
  let stage = FaultStage.program

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, let first = trace.exchanges.first, first.isIPXE,
      first.architecture != .x86BIOS,
      // iPXE that was itself loaded over the network comes after a first transfer.
      !trace.transfers.contains(where: { $0.started < first.started })
    else { return [] }
    return [
      Finding(
        id,
        evidence.expectation == nil || evidence.overcame(.run, after: first.started)
          ? .info : .warning, mac: trace.mac,
        title: "The network card's iPXE option ROM boots before the firmware's own PXE.",
        evidence: [
          EvidenceItem(
            "the first DISCOVER of \(trace.mac) has user class "
              + "\(first.userClasses.isEmpty ? "none" : first.userClasses.joined(separator: ", "))"
              + " and comes before any transfer")
        ],
        fix: "Give the interface an empty ROM (<rom enabled='no'/>): shim started by iPXE reads "
          + "files whose length it gets wrong, and fails to verify GRUB.")
    ]
  }
}
