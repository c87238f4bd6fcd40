import Addresses
import PXEWire

/// The uplink of the machine's node does not carry the machine's VLAN.
struct UplinkLacksVLAN: DiagnosisRule {
  let id = "PXL102"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink, .attachmentVLAN]
  let consequences: Consequences = ["PXL003", "PXL041", "PXL099"]

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
          + "\(uplink.bridge) does not carry VLAN \(vlan): its frames do not leave the node.",
        evidence: [
          EvidenceItem(asked),
          EvidenceItem(
            "the uplink \(port.name) carries "
              + (carried.vlans.isEmpty ? "no VLAN" : "VLAN \(carried)"),
            place: evidence.place(.uplink)),
        ],
        fix:
          "Add VLAN \(vlan) to trunk-tags of the bridge's port in the NodeNetworkConfigurationPolicy "
          + "of \(uplink.node); on a real node also to the switch's port.")
    ]
  }
}

extension Evidence {
  /// What shows that the machine asked for an address and nobody answered; `nil` when somebody did, or
  /// it did not ask.
  var unansweredQuestion: String? {
    guard let trace else { return nil }
    let asked = trace.exchanges.filter { $0.discovers > 0 }
    guard let first = asked.first, asked.allSatisfy(\.offers.isEmpty) else { return nil }
    let count = asked.reduce(0) { $0 + $1.discovers }
    return "\(count) DISCOVER\(count == 1 ? "" : "s") from \(mac)"
      + (first.vlan.map { " on VLAN \($0)" } ?? "") + ", and no OFFER"
  }
}
