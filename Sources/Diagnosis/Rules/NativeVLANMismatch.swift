import Addresses
import PXEWire

/// The machine's VLAN leaves its node without a tag, and the fabric takes what has none for another VLAN.
struct NativeVLANMismatch: DiagnosisRule {
  let id = "PXL108"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink, .attachmentVLAN]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, let port = uplink.port,
      let vlan = evidence.host?.port(of: evidence.mac)?.pvid, vlan != .bridgeDefault,
      port.untagged.contains(vlan), let asked = evidence.unansweredQuestion
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "VLAN \(vlan) of \(evidence.mac) leaves \(uplink.node) without a tag, and the fabric takes "
          + "frames without one for VLAN 1: no server on VLAN \(vlan) hears it.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "VLAN \(vlan) is the native VLAN of the uplink \(port.name), and 1 is the fabric's",
            place: evidence.place(.uplink)),
        ] + evidence.pathEvidence(),
        fix:
          "Carry VLAN \(vlan) with its tag: mode: trunk with \(vlan) in trunk-tags, and not in tag, of "
          + "the bridge's port on \(uplink.node). On a real node the switch's port must have the same "
          + "native VLAN as the node's.")
    ]
  }
}
