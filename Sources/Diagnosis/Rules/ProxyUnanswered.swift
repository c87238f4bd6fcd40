import PXEWire

/// A proxyDHCP server announces itself and does not answer on port 4011, or answers so that the
/// client takes neither its offer nor the address server's.
struct ProxyUnanswered: DiagnosisRule {
  let id = "PXL018"
  let stage = FaultStage.lease
  let consequences: Consequences = ["PXL004", "PXL024", "PXL028", "PXL013"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return (unanswered(trace, evidence) ?? twoOffers(trace, evidence)).map { [$0] } ?? []
  }

  private func unanswered(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let asked = trace.exchanges.filter { $0.isBootServerDiscovery && $0.isUnanswered }
    guard let last = asked.last, let message = last.clientMessages.last,
      !evidence.overcame(.request, after: last.started),
      !trace.exchanges.contains(where: {
        $0.isBootServerDiscovery && !$0.acks.isEmpty && $0.started >= last.started
      })
    else { return nil }
    let count = asked.reduce(0) { $0 + $1.clientMessages.count }
    let unreachable = trace.deliveryFailures.filter { $0.destinationPort == 4011 }
    let isShort =
      count < 2 && unreachable.isEmpty && evidence.seconds(after: message.packet.time) < 4
    return Finding(
      id, isShort ? .info : evidence.severity(absence: true), mac: trace.mac,
      title: "The proxyDHCP server \(message.destination) does not answer on UDP port 4011.",
      evidence: [
        EvidenceItem(
          "\(count) boot server requests to \(message.destination) port 4011, no reply",
          asked.flatMap { $0.clientMessages.map(\.packet) })
      ] + unreachable.map { EvidenceItem("\($0.reporter): \($0.meaning)", [$0.packet]) }
        + offers(trace) + evidence.firmwareMessages,
      fix: "Let the proxy listen on port 4011 and open that port in the firewall, or let its OFFER "
        + "name the boot file and server, or let one server give address and boot file.")
  }

  private func twoOffers(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let stuck = trace.exchanges.filter { exchange in
      exchange.agent.wantsBootFile && exchange.requests == 0 && exchange.discovers > 0
        && exchange.heardOffers.contains(where: \.isProxy)
    }
    guard let exchange = stuck.last, let first = exchange.heardOffers.first,
      let offer = exchange.heardOffers.last,
      exchange.repeatsDiscover(after: first.time)
        || evidence.seconds(after: offer.time) >= 4,
      !evidence.overcame(.lease, after: offer.time)
    else { return nil }
    let proxy = exchange.proxyServers.map { "\($0)" }.joined(separator: ", ")
    let hasAddress = exchange.heardOffers.contains { $0.address != nil }
    return Finding(
      id, evidence.severity(absence: true), mac: trace.mac,
      title: hasAddress
        ? "\(trace.mac) takes no OFFER: the proxyDHCP server \(proxy) answers beside the DHCP "
          + "server, and the client can use neither."
        : "The proxyDHCP server \(proxy) answers, and no server gives \(trace.mac) an address.",
      evidence: offers(trace) + [
        EvidenceItem(
          "\(exchange.discovers) DISCOVER, no REQUEST, nothing on port 4011",
          exchange.packets(of: "DISCOVER"))
      ] + evidence.firmwareMessages,
      fix: hasAddress
        ? "Let one server give both address and boot file, or correct the proxy's option 43 "
          + "(discovery control, boot servers) and open its UDP port 4011."
        : "Let a DHCP server on this network give addresses; a proxy gives only the boot file.")
  }

  private func offers(_ trace: ClientTrace) -> [EvidenceItem] {
    var seen: Set<String> = []
    return trace.exchanges.filter { !$0.isBootServerDiscovery }.flatMap(\.offers)
      .filter { seen.insert($0.description("OFFER")).inserted }.map { $0.item("OFFER") }
  }
}
