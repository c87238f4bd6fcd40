import Addresses
import PXEWire

/// OVN does not reach the machine's physical network on its node: no mapping leads to a bridge there.
struct WrongBridgeMapping: DiagnosisRule {
  let id = "PXL105"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, case .unmapped(let reason)? = uplink.absence,
      let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title: "\(reason): the frames of \(evidence.mac) do not leave the node.",
        evidence: [
          EvidenceItem(asked), EvidenceItem(reason, place: evidence.place(.uplink)),
        ] + evidence.pathEvidence(),
        fix: "Map \(uplink.bridge) to the node's Open vSwitch bridge in ovn.bridge-mappings of a "
          + "NodeNetworkConfigurationPolicy that selects \(uplink.node): localnet is the attachment's "
          + "physicalNetworkName (without one, its name), bridge the ovs-bridge with the card.")
    ]
  }
}
