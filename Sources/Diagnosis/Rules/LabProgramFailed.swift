import PXEWire

/// A program of the lab's own failed while the machine booted: what was seen then says nothing of the
/// manifests.
struct LabProgramFailed: DiagnosisRule {
  let id = "PXL098"
  let stage = FaultStage.capture
  let consequences = Consequences.everything

  func findings(in evidence: Evidence) -> [Finding] {
    let first = evidence.events.first?.time
    return evidence.lab.failures.map { failure in
      // Before the machine said a word, nobody missed it.
      let wasMissed = failure.back.map { back in first.map { $0 < back } ?? false } ?? true
      var facts = [
        EvidenceItem("\(failure.title) \(failure.reason)"),
        EvidenceItem(
          failure.back.map { back in
            "it ran again \(Quantity.seconds(back.seconds(since: failure.time))) later"
          } ?? "it does not run"),
      ]
      facts += failure.lastWords.split(separator: "\n").suffix(3).map {
        EvidenceItem("its last words: \($0)")
      }
      return Finding(
        id, wasMissed ? .error : .info, mac: evidence.mac,
        title: "\(failure.title) \(failure.reason) while the machine booted: the lab failed, not "
          + "the manifest.",
        evidence: facts,
        fix:
          "Start the machine again (pxelab restart). If it happens again, the program's log says "
          + "more: pxelab logs --list.")
    }
  }
}
