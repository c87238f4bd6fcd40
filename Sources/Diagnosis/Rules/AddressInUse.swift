import Addresses
import PXEWire

/// Two machines have one address: the client's own, or the boot server's.
struct AddressInUse: DiagnosisRule {
  let id = "PXL026"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL006", "PXL008", "PXL028", "PXL044"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace,
      let exchange = trace.exchanges.last(where: { $0.declines > 0 }),
      let last = exchange.packets(of: "DECLINE").last,
      !evidence.overcame(.lease, after: last.time, by: exchange.agent)
    else { return [] }
    // A client waits for ten seconds before it begins anew (RFC 2131 section 3.1, step 5).
    let declines = trace.exchanges.reduce(0) { $0 + $1.declines }
    let isShort = declines < 2 && evidence.seconds(after: last.time) < 10
    let address = exchange.acks.last?.address ?? exchange.requestedAddress
    return [
      Finding(
        id, isShort ? .info : evidence.severity(by: exchange.agent), mac: trace.mac,
        title: "\(trace.mac) declines \(address.map { "\($0)" } ?? "its address"): "
          + "another machine uses it.",
        evidence: [
          EvidenceItem("\(exchange.declines) DECLINE", exchange.packets(of: "DECLINE"))
        ] + exchange.acks.suffix(2).map { $0.item("ACK") },
        fix: "Find who else has the address (arping), take it out of the server's range or reserve "
          + "it, and look for a second DHCP server with the same range.")
    ]
  }
}
