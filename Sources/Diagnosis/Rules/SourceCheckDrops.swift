/// The bridge drops frames of the machine because their source is not its card's (macspoofchk).
struct SourceCheckDrops: DiagnosisRule {
  let id = "PXL057"
  let stage = FaultStage.system
  let fields: [CauseField] = [.sourceCheck]
  let consequences: Consequences = [
    "PXL002", "PXL003", "PXL008", "PXL013", "PXL033",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let port = evidence.host?.port(of: evidence.mac), let dropped = port.spoofedFrames,
      dropped > 0
    else { return [] }
    let booted = evidence.guest != nil
    return [
      Finding(
        id, booted ? .info : .error, mac: evidence.mac,
        title: "macspoofchk dropped \(dropped) frames of the machine: their source was not "
          + "\(evidence.mac).",
        evidence: [
          EvidenceItem(
            "the port \(port.name) lets frames from \(evidence.mac) in alone; "
              + "\(dropped) from other addresses were dropped",
            place: evidence.place(.sourceCheck))
        ],
        fix:
          "Let what runs in the machine keep the card's address, or take \"macspoofchk\": true out "
          + "of the network attachment; bonds, bridges and virtual machines inside the guest need "
          + "that.")
    ]
  }
}
