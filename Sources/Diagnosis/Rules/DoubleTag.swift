import PXEWire

/// A client's frames carry two VLAN tags, and nobody answers them.
struct DoubleTag: DiagnosisRule {
  let id = "PXL035"
  let stage = FaultStage.offer
  let consequences: Consequences = ["PXL003", "PXL006", "PXL014", "PXL027", "PXL041"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, let tags = trace.doubleTags.first,
      let exchange = trace.exchanges.last(where: { $0.discovers > 0 }),
      trace.exchanges.allSatisfy({ $0.isUnanswered }), !evidence.segment.answers(tags),
      !evidence.overcame(.lease, after: exchange.started, by: exchange.agent),
      exchange.discovers > 1
        || evidence.seconds(after: UnansweredDiscover.end(exchange)) >= 4
    else { return [] }
    return [
      Finding(
        id, evidence.severity(by: exchange.agent, absence: true), mac: trace.mac,
        title: "The frames of \(trace.mac) carry two VLAN tags, \(tags.outer) and \(tags.inner), "
          + "and no server answers them.",
        evidence: [
          EvidenceItem(
            "\(tags.count) frames with the outer tag \(tags.outer) and the inner tag \(tags.inner)",
            [tags.packet]),
          EvidenceItem(
            "\(exchange.discovers) DISCOVER, no OFFER", exchange.packets(of: "DISCOVER")),
        ],
        fix: "Tag in one place: take the VLAN out of the guest (a VLAN device, or the firmware's "
          + "VLAN setting) or out of the attachment (vlan), or give the attachment a trunk. With "
          + "QinQ on purpose, the server must see the inner VLAN.")
    ]
  }
}
