/// The boot's time was over: an error of its own where the boot was under way, else worth knowing.
struct TimeOver: DiagnosisRule {
  let id = "PXL099"
  let fields: [CauseField] = [.timeout]
  let consequences: Consequences = ["PXL002", "PXL013", "PXL033"]

  /// Seconds within which something of a boot that goes on is seen.
  private static let patience = 10.0

  func findings(in evidence: Evidence) -> [Finding] {
    guard let limit = evidence.lab.timeLimit else { return [] }
    let given = Quantity.time(limit.seconds)
    let isUnderWay = limit.lastSign.map { $0.age <= Self.patience } ?? false
    var facts = [
      EvidenceItem(
        limit.elapsed > limit.seconds + 1
          ? "the time was \(given), and \(Quantity.time(limit.elapsed)) because bytes of a file flowed"
          : "the time was \(given)")
    ]
    if let sign = limit.lastSign {
      facts.append(EvidenceItem("\(Quantity.time(sign.age)) before its end: \(sign.text)"))
    }
    if limit.isEmulated { facts.append("the machine's processors are emulated (TCG)") }
    let slow =
      limit.isEmulated ? " Emulated processors are many times slower than those of KVM." : ""
    return [
      Finding(
        id, isUnderWay ? .error : .info, mac: evidence.mac,
        title: isUnderWay
          ? "The boot was under way when its time of \(given) was over: "
            + "\(limit.lastSign?.text ?? "")."
          : "The boot's time of \(given) was over, and nothing was seen to go on.",
        evidence: facts,
        fix: isUnderWay
          ? "Give it more time: `timeout` of the machine in lab.yaml.\(slow)"
          : "See first what else was found. `timeout` of the machine in lab.yaml gives more time.")
    ]
  }
}
