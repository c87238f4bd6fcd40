import PXEWire

/// The server offers a boot file, and its confirmation leaves it out: firmware goes by the ACK, or
/// by the REPLY of DHCPv6.
struct AckWithoutBootFile: DiagnosisRule {
  let id = "PXL065"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts()

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return (overIPv4(trace, evidence) ?? overIPv6(trace, evidence)).map { [$0] } ?? []
  }

  private func overIPv4(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    for exchange in trace.exchanges.reversed()
    where exchange.agent.wantsBootFile && !exchange.isBootServerDiscovery {
      guard let ack = exchange.acks.last, !exchange.acks.contains(where: \.namesBoot),
        let offer = exchange.offers.last(where: { $0.server == ack.server && $0.bootFile != nil }),
        let file = offer.bootFile,
        // What a proxyDHCP server offers holds without an ACK.
        !exchange.offers.contains(where: { $0.isProxy && $0.namesBoot }),
        evidence.hadTime(after: exchange.acks[0].time),
        !evidence.overcame(.request, after: ack.time)
      else { continue }
      return Finding(
        id, evidence.severity(by: exchange.agent), mac: trace.mac,
        title: "The ACK of \(ack.server) leaves out the boot file \(file), which its OFFER to "
          + "\(trace.mac) had.",
        evidence: [offer.item("OFFER"), ack.item("ACK")] + evidence.firmwareMessages,
        fix:
          "Let the server put the boot file into the ACK as well, and the next server: a reservation, "
          + "class or policy of it applies to the DISCOVER alone.")
    }
    return nil
  }

  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    for exchange in trace.exchangesV6.reversed()
    where exchange.agent.wantsBootFile && exchange.requests > 0 {
      guard let reply = exchange.replies.last(where: { !$0.addresses.isEmpty }),
        !exchange.replies.contains(where: { $0.bootFileURL != nil }),
        // SOLICIT and REQUEST are two transactions (RFC 8415 section 16.1).
        let offer = trace.exchangesV6.filter({ $0.agent == exchange.agent })
          .flatMap(\.advertises)
          .last(where: { $0.time < reply.time && $0.serverDUID == reply.serverDUID }),
        let url = offer.bootFileURL,
        evidence.hadTime(after: exchange.replies[0].time),
        !evidence.overcame(.request, after: reply.time)
      else { continue }
      return Finding(
        id, evidence.severity(by: exchange.agent), mac: trace.mac,
        title:
          "The REPLY of the DHCPv6 server \(reply.source) leaves out the boot file URL \(url), "
          + "which its ADVERTISE to \(trace.mac) had.",
        evidence: [
          EvidenceItem("ADVERTISE from \(offer.source), boot file URL \(url)", [offer.packet]),
          EvidenceItem("REPLY from \(reply.source) without option 59", [reply.packet]),
        ] + evidence.firmwareMessages,
        fix:
          "Let the server put option 59 into the REPLY to a REQUEST as well: a reservation, class or "
          + "policy of it applies to the SOLICIT alone.")
    }
    return nil
  }
}
