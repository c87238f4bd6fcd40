import Diagnosis

/// A diagnosis for people, programs, GitHub's pages and CI systems.
struct DiagnosisOutput {
  private let report: DiagnosisReport
  private let file: String

  /// A report on a capture, and what the capture is called.
  init(_ report: DiagnosisReport, file: String) {
    self.report = report
    self.file = file
  }

  func write(as format: DiagnosisFormat) throws {
    switch format {
    case .text: try Output.line(text(terminal: .standardOutput))
    case .json: try Output.json(report)
    case .github: try Output.write(report.findings.map { annotation($0) + "\n" }.joined())
    case .junit: try Output.write(JUnitReport(report, name: file).xml)
    }
  }

  func text(terminal: Terminal) -> String {
    var parts: [String] = []
    if !report.clients.isEmpty {
      let hasTunnels = report.clients.contains { $0.tunnel != nil }
      var table = Table(
        ["CLIENT", "VLAN"] + (hasTunnels ? ["TUNNEL"] : [])
          + ["ARCHITECTURE", "PROGRAMS", "STAGE", "ADDRESS", "BOOT FILE", "OUTCOME"])
      for client in report.clients {
        var row = ["\(client.mac)", client.vlan.map { "\($0)" } ?? "-"]
        if hasTunnels { row.append(client.tunnel ?? "-") }
        row += [
          client.architecture.map { "\($0)" } ?? "-",
          client.programs.isEmpty ? "-" : client.programs.joined(separator: ", "),
          client.stage.rawValue, client.address ?? "-", client.bootFile ?? "-",
          client.outcome?.rawValue ?? "-",
        ]
        table.add(row)
      }
      parts.append(table.text)
      let proofs = report.clients.compactMap { client in
        client.proof.map { "  \(client.mac) booted: \($0)" }
      }
      if !proofs.isEmpty { parts.append(proofs.joined(separator: "\n")) }
    }
    let findings = report.findings.flatMap { finding in
      FindingText(finding, terminal: terminal, namesClient: report.clients.count > 1).lines
    }
    if !findings.isEmpty { parts.append(findings.joined(separator: "\n")) }
    let packets = report.packets
    var summary = "\(packets.read) packets"
    if packets.malformed > 0 { summary += ", \(packets.malformed) damaged" }
    summary += "; \(outcomes)"
    if report.findings.contains(where: { $0.severity > .info }) {
      summary += ". More of each finding: pxelab explain ID"
    }
    parts.append(summary)
    return parts.joined(separator: "\n\n")
  }

  /// `1 client booted, 2 failed`: how the boots ended.
  private var outcomes: String {
    let clients = report.clients.compactMap(\.outcome)
    guard !clients.isEmpty else { return "no client looked for something to boot" }
    let counts = ClientOutcome.allCases.map { outcome in (outcome, clients.count { $0 == outcome })
    }
    .filter { $0.1 > 0 }
    return counts.enumerated().map { index, entry in
      let noun = index == 0 ? (entry.1 == 1 ? " client" : " clients") : ""
      return "\(entry.1)\(noun) \(entry.0.phrase)"
    }.joined(separator: ", ")
  }

  /// A workflow command of GitHub Actions, at the manifest's line where one is to blame.
  private func annotation(_ finding: Finding) -> String {
    let level = finding.severity == .info ? "notice" : finding.severity.rawValue
    let place = finding.evidence.lazy.compactMap(\.place).first
    var properties = [(name: "file", value: place?.file ?? file)]
    if let place {
      properties += [("line", "\(place.line)"), ("col", "\(place.column)")]
    }
    let client = finding.mac.map { " (\($0))" } ?? ""
    properties.append(("title", "\(finding.id)\(client)"))
    let evidence = finding.evidence.map(\.description)
    let message = ([finding.title] + evidence + [finding.fix]).joined(separator: "\n")
    return WorkflowCommand(level, properties: properties, message: message).text
  }
}

extension ClientOutcome {
  /// What a sentence says of clients with this outcome.
  fileprivate var phrase: String {
    switch self {
    case .booted: "booted"
    case .failed: "failed"
    case .unknown: "did not get further, for a cause that is not known"
    }
  }
}
