import Addresses

/// A DHCP server of one VLAN answers a client that asks on another.
struct JoinedVLANs: DiagnosisRule {
  let id = "PXL064"
  let stage = FaultStage.system
  let consequences: Consequences = [
    "PXL003", "PXL014", "PXL015", "PXL019",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    // A frame seen on both sides of a port has a tag on one of them alone, and a relay agent asks on
    // another VLAN for a good reason.
    for asked in trace.exchanges
    where asked.discovers > 0 && asked.offers.isEmpty && asked.vlan != nil && asked.relays.isEmpty {
      let answered = trace.exchanges.first {
        $0.xid == asked.xid && $0.vlan != nil && $0.vlan != asked.vlan && $0.relays.isEmpty
          && $0.discovers == 0 && !$0.offers.isEmpty
      }
      guard let answered, let offer = answered.offers.first else { continue }
      let known = evidence.servers.first { $0.address == offer.server }
      let whose =
        known.map { "the lab's server \($0.address) of \($0.attachment)" }
        ?? "the server \(offer.server)"
      return [
        Finding(
          id, mac: trace.mac,
          title:
            "\(trace.mac) asks \(Self.place(asked.vlan)) and \(whose) \(Self.place(answered.vlan)) "
            + "answers: the two VLANs are joined somewhere, and DHCP leaks from one into the other.",
          evidence: [
            "DISCOVER \(Self.place(asked.vlan)), with the transaction ID \(asked.xid)",
            "OFFER of the same transaction \(Self.place(answered.vlan)), from \(offer.serverMAC)",
          ],
          fix:
            "Look for what carries frames from one VLAN to the other: a cable between two access "
            + "ports, a guest that bridges its cards, a port that leaves several VLANs untagged.")
      ]
    }
    return []
  }

  private static func place(_ vlan: VLANID?) -> String {
    vlan.map { "on VLAN \($0)" } ?? "untagged"
  }
}
