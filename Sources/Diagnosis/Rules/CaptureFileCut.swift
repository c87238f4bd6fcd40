/// The file of the capture ends early; what was heard is whole, and so is the verdict.
struct CaptureFileCut: DiagnosisRule {
  let id = "PXL100"
  let stage = FaultStage.capture

  func findings(in evidence: Evidence) -> [Finding] {
    guard let failure = evidence.lab.captureFileFailure else { return [] }
    return [
      Finding(
        id, .warning, mac: nil,
        title: "The file of the capture ends early: \(failure).",
        evidence: [
          EvidenceItem(failure),
          "packets were heard to the end all the same, and the verdict rests on those",
        ],
        fix:
          "Make room on the disk of the lab's folder (pxelab status names it), or bound the file: "
          + "spec.capture.limit in lab.yaml.")
    ]
  }
}
