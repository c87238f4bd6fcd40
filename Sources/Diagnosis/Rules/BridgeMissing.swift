import Addresses
import PXEWire

/// Policies make the machine's bridge on other nodes than the machine's, where the bridge plugin has made
/// an empty one.
struct BridgeMissing: DiagnosisRule {
  let id = "PXL103"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, uplink.absence == .otherNodes,
      let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "No policy makes the bridge \(uplink.bridge) on \(uplink.node): the bridge plugin made an "
          + "empty one there, and \(evidence.mac) reaches no server.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "the policy that makes \(uplink.bridge) does not select \(uplink.node) (nodeSelector)",
            place: evidence.place(.uplink)),
        ] + evidence.pathEvidence(),
        fix:
          "Let a NodeNetworkConfigurationPolicy that makes \(uplink.bridge) select \(uplink.node), or "
          + "let machines go only where the bridge is: a nodeSelector, or the attachment's annotation "
          + "k8s.v1.cni.cncf.io/resourceName: bridge.network.kubevirt.io/\(uplink.bridge).")
    ]
  }
}
