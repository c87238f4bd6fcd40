import Diagnosis

/// A finding for a person: the cause, what shows it, what to change, and what follows from it.
struct FindingText {
  let lines: [String]

  /// - Parameter namesClient: whether to say which client it concerns.
  init(_ finding: Finding, terminal: Terminal, namesClient: Bool = false) {
    let colour: Terminal.Colour =
      switch finding.severity {
      case .error: .bad
      case .warning: .caution
      case .info: .faint
      }
    let name = terminal.paint("\(finding.id) \(finding.severity.rawValue)", colour)
    let client = namesClient ? finding.mac.map { "\($0)  " } ?? "" : ""
    lines =
      ["  \(name)  \(client)\(finding.title)"]
      + finding.evidence.map { "      \($0)" }
      + ["      → \(finding.fix)"]
      + (finding.consequences ?? []).map { "      hence \($0.id): \($0.title)" }
  }
}
