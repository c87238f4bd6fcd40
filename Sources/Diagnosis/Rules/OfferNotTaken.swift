import Addresses
import PXEWire

/// A server offers an address, and the client asks for none, for no reason that another rule knows.
struct OfferNotTaken: DiagnosisRule {
  let id = "PXL004"
  let stage = FaultStage.offer
  let fields: [CauseField] = [.serverCommand]
  let isLaterAttempt = true

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let ignored = trace.exchanges.filter {
      $0.discovers > 0 && !$0.heardOffers.isEmpty && $0.requests == 0 && $0.acks.isEmpty
        && !$0.isBootServerDiscovery
    }
    guard let exchange = ignored.last, let first = exchange.heardOffers.first,
      let offer = exchange.heardOffers.last,
      !evidence.overcame(.lease, after: offer.time, by: exchange.agent)
    else { return [] }
    let mac = trace.mac
    let reason = OfferFault(of: exchange, to: mac)
    // A client waits some seconds for more offers before it chooses; firmware on a slow machine
    // takes twice the 4 s that it states.
    let isShort =
      exchange.repeatsDiscover(after: first.time)
      ? evidence.seconds(after: first.time) < 8 : evidence.seconds(after: offer.time) < 10
    return [
      Finding(
        id,
        isShort ? .info : evidence.severity(by: exchange.agent, absence: true), mac: mac,
        title: "\(mac) does not take the OFFER of \(offer.server)"
          + (reason.map { ": \($0.words)." } ?? "."),
        evidence: exchange.heardOffers.map { $0.item("OFFER") } + [
          EvidenceItem(
            "\(exchange.discovers) DISCOVER, no REQUEST", exchange.packets(of: "DISCOVER"))
        ] + evidence.firmwareMessages,
        fix: reason?.fix
          ?? "See whether the OFFER arrives at the machine's port, and whether its vendor class "
          + "(option 60) fits the client's.")
    ]
  }
}
