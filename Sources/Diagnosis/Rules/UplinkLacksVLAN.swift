import Addresses
import PXEWire

/// The uplink of the machine's node does not carry the machine's VLAN.
struct UplinkLacksVLAN: DiagnosisRule {
  let id = "PXL102"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink, .attachmentVLAN]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, let port = uplink.port,
      let vlan = evidence.host?.port(of: evidence.mac)?.pvid,
      !port.tagged.contains(vlan), !port.untagged.contains(vlan),
      let asked = evidence.unansweredQuestion
    else { return [] }
    let carried = VLANRanges(port.untagged + port.tagged)
    return [
      Finding(
        id, mac: evidence.mac,
        title: "\(evidence.mac) asks for an address on \(uplink.node), and that node's uplink of "
          + "\(uplink.bridge) does not carry \(words(vlan)): its frames do not leave the node.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "the uplink \(port.name) carries "
              + (carried.vlans.isEmpty ? "no VLAN" : "VLAN \(carried)"),
            place: evidence.place(.uplink)),
        ] + evidence.pathEvidence(),
        fix:
          vlan == .bridgeDefault
          ? "Give the attachment the VLAN that is meant, or the bridge's port a native VLAN "
            + "(enable-native: true, tag: 1) in the NodeNetworkConfigurationPolicy of \(uplink.node)."
          : "Add VLAN \(vlan) to trunk-tags of the bridge's port in the NodeNetworkConfigurationPolicy "
            + "of \(uplink.node); on a real node also to the switch's port.")
    ]
  }

  private func words(_ vlan: VLANID) -> String {
    vlan == .bridgeDefault ? "frames without a tag (VLAN 1)" : "VLAN \(vlan)"
  }
}
