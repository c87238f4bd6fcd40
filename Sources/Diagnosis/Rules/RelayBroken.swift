import Addresses
import PXEWire

/// A server answers a relay agent, and the answer does not come back to the client.
struct RelayBroken: DiagnosisRule {
  let id = "PXL045"
  let stage = FaultStage.offer
  let consequences: Consequences = ["PXL003", "PXL004", "PXL044"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() where !exchange.relays.isEmpty {
      let replies = exchange.offers + exchange.acks
      guard let last = replies.last, replies.allSatisfy(\.isToRelay), exchange.requests == 0,
        exchange.discovers > 1,
        // Behind the relay agent only its own side is seen.
        exchange.clientMessages.contains(where: { $0.relay == nil }),
        !evidence.overcame(.lease, after: last.time, by: exchange.agent)
      else { continue }
      let relay = last.relay ?? exchange.relays[0]
      return [
        Finding(
          id, evidence.severity(by: exchange.agent, absence: true), mac: trace.mac,
          title: "The server \(last.server) answers the relay agent \(relay), which gives the "
            + "answer not to \(trace.mac).",
          evidence: replies.suffix(3).map {
            EvidenceItem($0.description("OFFER") + " to the relay agent \(relay)", [$0.packet])
          } + [
            EvidenceItem(
              "\(exchange.discovers) DISCOVER, no REQUEST", exchange.packets(of: "DISCOVER"))
          ],
          fix:
            "See that the relay agent listens on the address that it puts into giaddr (\(relay)), "
            + "that its interface towards the client is enabled for relaying, and that it accepts "
            + "option 82 in replies.")
      ]
    }
    return []
  }
}
