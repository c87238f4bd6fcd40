import PXEWire

/// A server answers a DHCP client by BOOTP, and the client does not take that for an answer.
struct BOOTPReply: DiagnosisRule {
  let id = "PXL071"
  let stage = FaultStage.offer
  let fields: [CauseField] = [.serverCommand]
  let isLaterAttempt = true
  let consequences: Consequences = ["PXL003", "PXL004", "PXL024", "PXL036"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() where exchange.discovers > 0 {
      guard let first = exchange.acks.first, let last = exchange.acks.last,
        exchange.offers.isEmpty, exchange.requests == 0,
        exchange.acks.allSatisfy({ !$0.hasMessageType && !$0.isToRelay }),
        // Some clients take a BOOTP reply; those ask no more.
        exchange.repeatsDiscover(after: first.time)
          || trace.exchanges.contains(where: {
            $0.started > last.time && $0.discovers > 0 && $0.agent == exchange.agent
          }),
        !evidence.overcame(.lease, after: last.time, by: exchange.agent)
      else { continue }
      return [
        Finding(
          id, evidence.severity(by: exchange.agent), mac: trace.mac,
          title:
            "The server \(last.server) answers the DISCOVER of \(trace.mac) by BOOTP: its reply has "
            + "no DHCP message type (option 53), and the client does not take it.",
          evidence: exchange.acks.suffix(3).map { $0.item("BOOTREPLY") } + [
            EvidenceItem(
              "\(exchange.discovers) DISCOVER, no REQUEST", exchange.packets(of: "DISCOVER"))
          ] + evidence.firmwareMessages,
          fix:
            "Let a DHCP server answer: a server for BOOTP alone, or a rule that treats this client as "
            + "one of BOOTP, has no leases for it.")
      ]
    }
    return []
  }
}
