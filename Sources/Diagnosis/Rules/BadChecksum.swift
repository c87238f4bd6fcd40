import PXEWire

/// A reply arrives with a wrong UDP checksum, and the client drops it.
struct BadChecksum: DiagnosisRule {
  let id = "PXL017"
  let stage = FaultStage.transfer
  let consequences: Consequences = ["PXL003", "PXL004", "PXL008", "PXL041", "PXL044"]

  /// Seconds after which a client asks again for what did not come.
  private static let patience: Double = 5

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    var ignored: [(name: String, packets: [PacketReference], sender: String)] = []
    for exchange in trace.exchanges {
      let replies = exchange.heardOffers + exchange.acks.filter { !$0.isToRelay }
      guard let last = replies.last, replies.allSatisfy(\.hasBadChecksum),
        // What was dropped is asked for again; what was only not filled in yet is not.
        !moved(exchange), isMissed(replies, of: exchange, trace, evidence),
        !evidence.overcame(.lease, after: last.time, by: exchange.agent)
      else { continue }
      ignored.append(
        (exchange.acks.isEmpty ? "OFFER" : "ACK", replies.map(\.packet), "\(last.server)"))
    }
    for exchange in trace.exchangesV6 {
      let replies = exchange.advertises + exchange.replies
      guard let last = replies.last, replies.allSatisfy(\.hasBadChecksum),
        evidence.seconds(after: last.time) >= Self.patience,
        !evidence.overcame(.lease, after: last.time, by: exchange.agent)
      else { continue }
      ignored.append(("ADVERTISE", replies.map(\.packet), "\(last.source)"))
    }
    for transfer in trace.transfers
    where transfer.badChecksums > 0 && transfer.isOpen && transfer.acknowledgedBlocks == 0
      && (transfer.repeatedBlocks + transfer.repeatedRequests > 0
        || evidence.seconds(after: transfer.lastProgress) >= Self.patience)
      && !evidence.overcame(.load, after: transfer.lastProgress)
    {
      ignored.append(("DATA of \(transfer.file)", [transfer.lastPacket], "\(transfer.server)"))
    }
    guard let first = ignored.first else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "\(trace.mac) ignores the \(first.name) of \(first.sender): "
          + "its UDP checksum is wrong.",
        evidence: ignored.map {
          EvidenceItem("\($0.name) from \($0.sender) with a wrong UDP checksum", $0.packets)
        },
        fix: "Switch transmit checksum offload off where the server sends: ethtool -K DEV tx off. "
          + "A capture on the sending machine shows wrong checksums that are mended later; this "
          + "client does not react, so here they are not.")
    ]
  }

  /// Whether the client went on after the replies.
  private func moved(_ exchange: DHCPExchange) -> Bool {
    exchange.acks.isEmpty && exchange.requests > 0
  }

  /// Whether the client does without the replies: it asks again. Whoever got the ACK has no more to ask.
  private func isMissed(
    _ replies: [DHCPExchange.Reply], of exchange: DHCPExchange, _ trace: ClientTrace,
    _ evidence: Evidence
  ) -> Bool {
    guard let first = exchange.acks.first ?? replies.first else { return false }
    let asked = exchange.packets(of: "DISCOVER") + exchange.packets(of: "REQUEST")
    return asked.contains { $0.time.seconds(since: first.time) > 0.5 }
      || trace.exchanges.contains { $0.started > first.time && $0.agent == exchange.agent }
      || exchange.acks.isEmpty && evidence.seconds(after: first.time) >= 2 * Self.patience
  }
}
