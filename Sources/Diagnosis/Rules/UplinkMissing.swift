import Addresses
import PXEWire

/// The machine's node has no uplink on the machine's bridge, so that its frames stay on the node.
struct UplinkMissing: DiagnosisRule {
  let id = "PXL101"
  let stage = FaultStage.system
  let fields: [CauseField] = [.uplink]
  let consequences: Consequences = .ofSilence

  func findings(in evidence: Evidence) -> [Finding] {
    guard let uplink = evidence.host?.uplink, uplink.port == nil,
      uplink.absence ?? .noPort == .noPort, let asked = evidence.unansweredQuestion
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
        ] + evidence.pathEvidence(),
        fix:
          "Give the bridge a port in the NodeNetworkConfigurationPolicy that selects \(uplink.node) "
          + "(bridge.port), and connect that card to the network of the server.")
    ]
  }
}

extension Consequences {
  /// What follows from a cause for which nobody hears a machine's questions.
  static let ofSilence: Consequences = ["PXL003", "PXL027", "PXL041", "PXL072", "PXL099"]
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
