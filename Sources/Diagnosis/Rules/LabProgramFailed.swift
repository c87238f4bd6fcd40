import PXEWire

/// A program of the lab's own failed while the machine booted: what was seen then says nothing of the
/// manifests.
struct LabProgramFailed: DiagnosisRule {
  let id = "PXL098"
  let stage = FaultStage.capture
  let consequences = Consequences.everything

  func findings(in evidence: Evidence) -> [Finding] {
    let asked = evidence.events.first?.time
    // Before the machine said a word, nobody missed it.
    func wasMissed(_ failure: LabCondition.ProgramFailure) -> Bool {
      failure.back.map { back in asked.map { $0 < back } ?? false } ?? true
    }
    var titles: [String] = []
    for failure in evidence.lab.failures where !titles.contains(failure.title) {
      titles.append(failure.title)
    }
    return titles.map { title in
      let failures = evidence.lab.failures.filter { $0.title == title }
      let missed = failures.filter(wasMissed)
      let reason = (missed.first ?? failures.first)?.reason ?? ""
      let words = failures.last?.lastWords.split(separator: "\n").suffix(3) ?? []
      return Finding(
        id, missed.isEmpty ? .info : .error, mac: evidence.mac,
        title:
          "\(title) \(reason)\(failures.count == 1 ? "" : " (and \(failures.count - 1) more)") "
          + "while the machine booted: what was seen then proves nothing of the manifests.",
        evidence: failures.prefix(5).map { EvidenceItem(Self.text($0, since: asked)) }
          + words.map { EvidenceItem("its last words: \($0)") },
        fix:
          "Start the machine again (pxelab restart). If it happens again, the program's log says "
          + "more: pxelab logs --list.")
    }
  }

  private static func text(
    _ failure: LabCondition.ProgramFailure, since asked: Timestamp?
  ) -> String {
    let place = asked.map { asked in
      let seconds = failure.time.seconds(since: asked)
      return " \(Quantity.seconds(abs(seconds))) \(seconds < 0 ? "before" : "after") the machine's "
        + "first packet"
    }
    let end = failure.back.map {
      "; it ran again \(Quantity.seconds($0.seconds(since: failure.time))) later"
    }
    return "\(failure.reason)\(place ?? "")\(end ?? "; it does not run")"
  }
}
