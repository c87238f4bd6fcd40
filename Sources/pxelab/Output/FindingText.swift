import Diagnosis

/// A finding for a person: the cause, what shows it, what to change, and what follows from it.
struct FindingText {
  let lines: [String]

  init(_ finding: Finding, terminal: Terminal) {
    let colour: Terminal.Colour =
      switch finding.severity {
      case .error: .bad
      case .warning: .caution
      case .info: .faint
      }
    let name = terminal.paint("\(finding.id) \(finding.severity.rawValue)", colour)
    lines =
      ["  \(name)  \(finding.title)"]
      + finding.evidence.map { "      \($0)" }
      + ["      → \(finding.fix)"]
      + (finding.consequences ?? []).map { "      hence \($0.id): \($0.title)" }
  }
}
