import PXEWire

/// A server refuses the address that the client asks for.
struct LeaseRefused: DiagnosisRule {
  let id = "PXL005"
  let stage = FaultStage.offer
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts(and: ["PXL003", "PXL044", "PXL004"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let refusals = trace.exchanges.flatMap { exchange in
      exchange.naks.map { (exchange: exchange, nak: $0) }
    }
    guard let last = refusals.max(by: { $0.nak.time < $1.nak.time }),
      !PoolExhausted.speaksOfPool(last.nak)
    else { return [] }
    // A client that asks for its old address is refused once and starts anew: normal.
    let grants = trace.exchanges.flatMap(\.acks).map(\.time)
    let isSettled =
      grants.contains { $0 > last.nak.time }
      || evidence.overcame(.lease, after: last.nak.time, by: last.exchange.agent)
    let isLate = refusals.count == 1 && evidence.seconds(after: last.nak.time) < 10
    let reason = last.nak.message.map { ": \($0)" } ?? ""
    let wanted =
      last.exchange.requestedAddress
      ?? last.exchange.offers.last { $0.server == last.nak.server }?.address
    let holders =
      wanted.map {
        evidence.segment.activity.holders(
          of: $0, beside: trace.mac, on: last.exchange.vlan, before: last.nak.time
        ).filter { $0.reply.server == last.nak.server }
      } ?? []
    let also = holders.last.map { holder in
      "; it had offered that very address, \(wanted.map { "\($0)" } ?? ""), to \(holder.mac) as well"
        + (holder.isOffer ? "" : " and given it")
    }
    return [
      Finding(
        id,
        isSettled || isLate ? .info : evidence.severity(by: last.exchange.agent),
        mac: trace.mac,
        title: "The server \(last.nak.server) refused \(trace.mac) its address\(reason)"
          + "\(also ?? "").",
        evidence: refusals.map { exchange, nak in
          let wanted = exchange.requestedAddress.map { " of \($0)" } ?? ""
          return EvidenceItem(
            "NAK\(wanted) from \(nak.server)\(nak.message.map { ": \($0)" } ?? "")", [nak.packet])
        }
          + holders.suffix(2).map {
            EvidenceItem(
              $0.reply.description($0.isOffer ? "OFFER" : "ACK") + ", to \($0.mac)",
              [$0.reply.packet])
          },
        fix: isSettled
          ? "Nothing: the client started anew and got an address."
          : also != nil
            ? "Let the server keep an address that it has offered from others (ISC and Kea do; dnsmasq "
              + "without dhcp-sequential-ip takes it out of the MAC address), reserve addresses, or start "
              + "machines one after the other."
            : "Look for two servers with different ranges on this VLAN, a reservation for another "
              + "subnet, or an old lease file.")
    ]
  }
}
