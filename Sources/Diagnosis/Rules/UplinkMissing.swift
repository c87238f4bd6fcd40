import Addresses
import PXEWire

/// The machine's node has no uplink on the machine's bridge, so that its frames stay on the node.
struct UplinkMissing: DiagnosisRule {
  let id = "PXL101"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink]
  let consequences: Consequences = ["PXL003", "PXL041", "PXL099"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, uplink.port == nil,
      let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "\(evidence.mac) asks for an address on \(uplink.node), whose bridge \(uplink.bridge) "
          + "has no uplink: its frames stay on the node.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "no port of \(uplink.bridge) on \(uplink.node) leads out of the node",
            place: evidence.place(.uplink)),
        ],
        fix:
          "Give the bridge a port in a NodeNetworkConfigurationPolicy whose nodeSelector selects "
          + "\(uplink.node). A bridge that no policy makes on a node is made by the CNI plugin, empty."
      )
    ]
  }
}
