import Addresses
import PXEWire

/// The attachment's resource, by which the machine's node was chosen, is that of another bridge than the
/// attachment uses.
struct ResourceOfAnotherBridge: DiagnosisRule {
  let id = "PXL106"
  let stage = FaultStage.system
  let fields: [CauseField] = [.bridgeResource, .uplink]
  let consequences: Consequences = [
    "PXL101", "PXL102", "PXL103", "PXL104", "PXL003", "PXL027", "PXL041", "PXL072", "PXL099",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, let other = uplink.resourceBridge, uplink.port == nil,
      let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title: "\(uplink.node) was chosen for its bridge \(other), and the attachment uses "
          + "\(uplink.bridge), which has no uplink there: \(evidence.mac) reaches no server.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "the attachment's resource is bridge.network.kubevirt.io/\(other), its bridge "
              + uplink.bridge, place: evidence.place(.bridgeResource)),
        ] + evidence.pathEvidence(),
        fix: "Name one bridge in both: write k8s.v1.cni.cncf.io/resourceName: "
          + "bridge.network.kubevirt.io/\(uplink.bridge), or give the configuration the bridge \(other)."
      )
    ]
  }
}
