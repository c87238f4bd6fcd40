import PXEWire

/// A client takes an OFFER, and the server does not confirm it.
struct UnansweredRequest: DiagnosisRule {
  let id = "PXL044"
  let stage = FaultStage.offer

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let stuck = trace.exchanges.filter {
      $0.discovers > 0 && !$0.heardOffers.isEmpty && $0.requests > 0 && $0.acks.isEmpty
        && $0.naks.isEmpty && !$0.isBootServerDiscovery
    }
    // Whoever hears nothing asks again, or begins anew; whoever does not heard the ACK elsewhere.
    guard let exchange = stuck.last, let first = exchange.packets(of: "REQUEST").first,
      let last = exchange.packets(of: "REQUEST").last,
      last.time.seconds(since: first.time) > 0.5 || exchange.repeatsDiscover(after: first.time)
        || trace.exchanges.contains(where: {
          $0.started > last.time && $0.discovers > 0 && $0.agent == exchange.agent
        }),
      !evidence.overcame(.lease, after: last.time, by: exchange.agent)
    else { return [] }
    let server =
      exchange.requestedServer.map { "\($0)" } ?? exchange.heardOffers.last.map { "\($0.server)" }
      ?? "the server"
    return [
      Finding(
        id, evidence.severity(by: exchange.agent, absence: true), mac: trace.mac,
        title: "\(trace.mac) takes the OFFER of \(server), which does not answer its REQUEST.",
        evidence: exchange.heardOffers.suffix(2).map { $0.item("OFFER") } + [
          EvidenceItem(
            "\(exchange.requests) REQUEST, no ACK and no NAK", exchange.packets(of: "REQUEST"))
        ] + evidence.firmwareMessages,
        fix: "Read the log of \(server) at the REQUEST's time: it may have given the address away, "
          + "wait for its failover peer, or never have got the REQUEST (a filter, a relay, another "
          + "server's identifier in option 54).")
    ]
  }
}
