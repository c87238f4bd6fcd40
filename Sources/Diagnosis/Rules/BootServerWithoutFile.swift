import PXEWire

/// A boot server answers on port 4011, and its answer is of no use: it names no boot file, or it does
/// not say that it is a PXE server's.
struct BootServerWithoutFile: DiagnosisRule {
  let id = "PXL069"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let consequences: Consequences = .laterAttempts(and: ["PXL013", "PXL018", "PXL028"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let answered = trace.exchanges.filter { $0.isBootServerDiscovery && !$0.acks.isEmpty }
    let acks = answered.flatMap(\.acks)
    guard let last = acks.max(by: { $0.time < $1.time }), last.deployment == nil,
      // A program that was loaded may ask there for something else.
      !(evidence.progress?.loads.contains { $0.ended < last.time } ?? false),
      evidence.hadTime(after: acks[0].time), !evidence.overcame(.request, after: last.time)
    else { return [] }
    let words: String
    let fix: String
    if !acks.contains(where: \.namesBoot) {
      words = "answers \(trace.mac) on port 4011 and names no boot file"
      fix =
        "Give the boot server something to boot for this client: with Windows Deployment Services or "
        + "Configuration Manager a boot image for its architecture, and an answer to unknown machines."
    } else if !acks.contains(where: { $0.namesBoot && $0.isOfPXEServer }) {
      words = "answers \(trace.mac) on port 4011 without the vendor class PXEClient (option 60)"
      fix =
        "Let the boot server set option 60 to PXEClient in its answer: a PXE client takes no other "
        + "(PXE specification 2.1 section 2.2.5)."
    } else {
      return []
    }
    let number = answered.last?.architecture.map { " (architecture \($0))" } ?? ""
    let questions = answered.flatMap { $0.clientMessages.map(\.packet) }
    return [
      Finding(
        id, evidence.severity(absence: true), mac: trace.mac,
        title: "The boot server \(last.server) \(words).",
        evidence: acks.suffix(4).map { $0.item("boot server ACK") } + [
          EvidenceItem("asked by a client of PXE\(number), which loads nothing then", questions)
        ] + evidence.firmwareMessages, fix: fix)
    ]
  }
}

extension DHCPExchange.Reply {
  /// Whether it says that it is a PXE server's.
  fileprivate var isOfPXEServer: Bool { vendorClass?.hasPrefix("PXEClient") == true }
}
