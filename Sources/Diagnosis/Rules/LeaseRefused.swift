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
    return [
      Finding(
        id,
        isSettled || isLate ? .info : evidence.severity(by: last.exchange.agent),
        mac: trace.mac,
        title: "The server \(last.nak.server) refused \(trace.mac) its address\(reason).",
        evidence: refusals.map { exchange, nak in
          let wanted = exchange.requestedAddress.map { " of \($0)" } ?? ""
          return EvidenceItem(
            "NAK\(wanted) from \(nak.server)\(nak.message.map { ": \($0)" } ?? "")", [nak.packet])
        },
        fix: isSettled
          ? "Nothing: the client started anew and got an address."
          : "Look for two servers with different ranges on this VLAN, a reservation for another "
            + "subnet, or an old lease file.")
    ]
  }
}
