import Addresses
import PXEWire

/// A server has no address left: it says so, or answers others on the VLAN and not this client.
struct PoolExhausted: DiagnosisRule {
  let id = "PXL027"
  let stage = FaultStage.offer
  let consequences: Consequences = ["PXL003", "PXL005", "PXL041"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return stated(trace, evidence) ?? statedOverIPv6(trace, evidence) ?? silent(trace, evidence)
      ?? []
  }

  /// Whether a NAK says that there is no address.
  static func speaksOfPool(_ reply: DHCPExchange.Reply) -> Bool {
    let text = reply.message?.lowercased() ?? ""
    return ["no free", "no leases", "exhausted", "pool is"]
      .contains(where: text.contains)
  }

  private static let fix =
    "Widen the server's range, shorten its lease time, or free leases of machines that are gone; the "
    + "server's log says so too (dnsmasq: no address available; ISC: no free leases; Kea: "
    + "ALLOC_ENGINE_V4_ALLOC_FAIL). If the range has room, look for a rule that ignores this client."

  private func stated(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    for exchange in trace.exchanges.reversed() {
      guard let nak = exchange.naks.last(where: Self.speaksOfPool),
        !evidence.overcame(.lease, after: nak.time, by: exchange.agent)
      else { continue }
      return [
        Finding(
          id, evidence.severity(by: exchange.agent), mac: trace.mac,
          title: "The server \(nak.server) has no address left for \(trace.mac).",
          evidence: [EvidenceItem("NAK: \(nak.message ?? "")", [nak.packet])], fix: Self.fix)
      ]
    }
    return nil
  }

  private func statedOverIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    for exchange in trace.exchangesV6.reversed() {
      // NoAddrsAvail and NoPrefixAvail (RFC 8415 section 21.13).
      guard
        let reply = (exchange.advertises + exchange.replies).last(where: {
          $0.status == .noAddressesAvailable && $0.addresses.isEmpty
        }), !StatelessDHCPv6.isStateless(trace, on: exchange.vlan, evidence),
        !evidence.overcame(.lease, after: reply.time, by: exchange.agent)
      else { continue }
      return [
        Finding(
          id, evidence.severity(by: exchange.agent), mac: trace.mac,
          title: "The DHCPv6 server \(reply.source) has no address left for \(trace.mac).",
          evidence: [EvidenceItem("status NoAddrsAvail", [reply.packet])], fix: Self.fix)
      ]
    }
    return nil
  }

  private func silent(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    let asked = trace.exchanges.filter { $0.discovers > 0 && !$0.isBootServerDiscovery }
    guard !asked.isEmpty, asked.allSatisfy({ $0.isUnanswered && $0.requests == 0 }),
      let last = asked.last,
      let first = asked.map(\.started).min(),
      UnansweredDiscover.end(last).seconds(since: first) > 0.5, evidence.seconds(after: first) >= 4,
      !evidence.overcame(.lease, after: UnansweredDiscover.end(last), by: last.agent)
    else { return nil }
    let given = evidence.segment.activity.grants(
      beside: last, of: trace.mac, from: first, to: UnansweredDiscover.end(last))
    guard let grant = given.last else { return nil }
    return [
      Finding(
        id, evidence.severity(by: last.agent, absence: true), mac: trace.mac,
        title: "The server \(grant.server) gives others addresses and \(trace.mac) none: "
          + "it has none left, or it is told to ignore this client.",
        evidence: [
          EvidenceItem(
            "\(asked.reduce(0) { $0 + $1.discovers }) DISCOVER without an OFFER",
            asked.flatMap { $0.packets(of: "DISCOVER") })
        ] + given.suffix(4).map { $0.item("ACK") }, fix: Self.fix)
    ]
  }
}
