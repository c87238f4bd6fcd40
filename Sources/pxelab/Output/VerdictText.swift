import Diagnosis
import LabHost

/// A report for a person: every machine's verdict, its three witnesses, and what to do.
struct VerdictText {
  let text: String

  init(_ report: LabReport, terminal: Terminal) {
    var lines: [String] = []
    for machine in report.machines {
      let passes = machine.verdict == .pass
      lines.append("")
      lines.append(
        "\(terminal.paint(machine.name, .strong)): "
          + terminal.paint(passes ? "PASS" : "FAIL", passes ? .good : .bad))
      lines += Self.lines("wire", machine.witnesses.wire, terminal)
      lines += Self.lines("guest", machine.witnesses.guest, terminal)
      lines += Self.lines("host", machine.witnesses.host, terminal)
      lines += machine.findings.flatMap { FindingText($0, terminal: terminal).lines }
    }
    text = lines.joined(separator: "\n")
  }

  /// Why a machine failed, in plain lines.
  static func reasons(_ machine: MachineVerdict) -> String {
    let findings = machine.findings.map { "\($0.id) \($0.title) \($0.fix)" }
    return findings.isEmpty ? "a witness does not hold" : findings.joined(separator: "\n")
  }

  private static func lines<Seen>(_ name: String, _ witness: Witness<Seen>, _ terminal: Terminal)
    -> [String]
  {
    let label = name.padded(to: 6)
    if let missing = witness.missing {
      return ["  \(label) \(terminal.paint("✗", .bad)) \(missing)"]
    }
    return witness.checks.enumerated().map { index, check in
      let sign =
        switch check.holds {
        case true?: terminal.paint("✓", .good)
        case false?: terminal.paint("✗", .bad)
        case nil: terminal.paint("?", .caution)
        }
      let seen = check.seen ?? "nothing"
      let text = check.holds == true ? seen : "expected \(check.expected); seen \(seen)"
      let head = index == 0 ? label : String(repeating: " ", count: 6)
      return "  \(head) \(sign) \(check.name): \(text)"
    }
  }
}
