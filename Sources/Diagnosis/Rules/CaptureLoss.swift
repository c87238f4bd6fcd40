/// The capture lost packets, so that what was not seen may have been there.
struct CaptureLoss: DiagnosisRule {
  let id = "PXL001"
  let stage = FaultStage.capture

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.dropped > 0 else { return [] }
    return [
      Finding(
        id, .warning, mac: nil,
        title: "The capture lost \(evidence.dropped) packets, so a missing reply proves nothing.",
        evidence: ["libpcap reports \(evidence.dropped) packets dropped"],
        fix: "Run the lab again with less load on this machine.")
    ]
  }
}
