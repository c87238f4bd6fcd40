import Addresses
import PXEWire

/// Policies make bridges, and none of the name that the machine's attachment has.
struct BridgeOfAnotherName: DiagnosisRule {
  let id = "PXL104"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, case .otherName(let other)? = uplink.absence,
      let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "The attachment's bridge is \(uplink.bridge), and the policies of the nodes make \(other): "
          + "the bridge plugin made an empty \(uplink.bridge) on \(uplink.node), and \(evidence.mac) "
          + "reaches no server.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "no policy makes a bridge \(uplink.bridge); did you mean \(other)?",
            place: evidence.place(.uplink)),
        ] + evidence.pathEvidence(),
        fix: "Write one name in both: bridge of the NetworkAttachmentDefinition, and name of the "
          + "interface in the NodeNetworkConfigurationPolicy.")
    ]
  }
}
