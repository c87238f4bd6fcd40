import Addresses
import PXEWire

/// A relay agent puts an address into `giaddr` that is not its own on the client's network, so that
/// the server answers somebody else, or out of another network's range.
struct WrongRelayAddress: DiagnosisRule {
  let id = "PXL077"
  let stage = FaultStage.offer
  let consequences: Consequences = [
    "PXL003", "PXL004", "PXL006", "PXL027", "PXL044", "PXL045",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() {
      if let finding = unheard(exchange, evidence) ?? foreign(exchange, evidence) {
        return [finding]
      }
    }
    return []
  }

  /// The answers go to `giaddr`, and none comes back.
  private func unheard(_ exchange: DHCPExchange, _ evidence: Evidence) -> Finding? {
    let relayed = exchange.clientMessages.filter { $0.relay != nil }
    let replies = exchange.offers + exchange.acks
    guard let last = relayed.last, let address = last.relay, exchange.requests == 0,
      let asked = relayed.first, last.packet.time.seconds(since: asked.packet.time) > 0.5,
      replies.allSatisfy(\.isToRelay),
      // A client hears an OFFER and waits for more before it chooses.
      replies.isEmpty || isMissed(replies[0].time, relayed, evidence),
      !evidence.overcame(.lease, after: last.packet.time, by: exchange.agent)
    else { return nil }
    let sender = last.sender.address
    let words: String
    if evidence.segment.isSilent(address) {
      words = "nobody answers ARP for that address"
    } else if let offer = replies.last, let network = offer.network, !network.contains(address) {
      words = "the server \(offer.server) offers an address of \(network.shown), which it is not in"
    } else if let offer = replies.last, sender != address {
      words = "the answer of \(offer.server) goes to it and not to the relay agent"
    } else {
      return nil
    }
    return finding(exchange, address, sender, words, replies, relayed.map(\.packet), evidence)
  }

  /// Whether the client asks on after an answer, and for longer than it would if it had heard it.
  private func isMissed(
    _ time: Timestamp, _ questions: [DHCPExchange.ClientMessage], _ evidence: Evidence
  ) -> Bool {
    questions.contains { $0.packet.time.seconds(since: time) > 0.5 }
      && evidence.seconds(after: time) >= 8
  }

  /// The client gets an address of the network of `giaddr`, and that is not the network it is in.
  private func foreign(_ exchange: DHCPExchange, _ evidence: Evidence) -> Finding? {
    guard let ack = exchange.acks.last, !ack.isToRelay, let address = ack.relay,
      ack.source != address, ack.source != ack.server, ack.destinationPort == 68,
      let network = ack.network, network.contains(address), !network.contains(ack.source),
      evidence.trace?.unansweredARP.contains(where: { $0.since > ack.time }) == true,
      !evidence.overcame(.request, after: ack.time)
    else { return nil }
    let words =
      "the server \(ack.server) gives an address of \(network.shown), and nobody there answers ARP"
    return finding(exchange, address, ack.source, words, exchange.acks, [], evidence)
  }

  private func finding(
    _ exchange: DHCPExchange, _ address: IPv4Address, _ sender: IPv4Address, _ words: String,
    _ replies: [DHCPExchange.Reply], _ questions: [PacketReference], _ evidence: Evidence
  ) -> Finding {
    let items = [EvidenceItem("DISCOVER through a relay agent, giaddr \(address)", questions)]
    return Finding(
      id, evidence.severity(by: exchange.agent, absence: true), mac: evidence.mac,
      title: sender == address
        ? "The relay agent of \(evidence.mac) puts \(address) into giaddr: \(words)."
        : "The relay agent \(sender) of \(evidence.mac) puts \(address) into giaddr: \(words).",
      evidence: (questions.isEmpty ? [] : items)
        + replies.suffix(3).map {
          EvidenceItem($0.description("answer") + ", to \($0.destination)", [$0.packet])
        },
      fix:
        "Let the relay agent put its own address on the client's network into giaddr (RFC 1542 section "
        + "4.1.1), have the server's network lead back to that address, and give the server a range for "
        + "that network.")
  }
}

extension DHCPExchange.Reply {
  /// The network of the address given, by the subnet mask beside it.
  fileprivate var network: IPv4Network? {
    guard let address, let mask = subnetMask?.rawValue, mask != 0, ~mask & (~mask &+ 1) == 0 else {
      return nil
    }
    return IPv4Network(address: address, prefixLength: mask.nonzeroBitCount)
  }
}

extension IPv4Network {
  /// `10.60.0.0/24`.
  fileprivate var shown: String { "\(network)/\(prefixLength)" }
}
