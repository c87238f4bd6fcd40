import Addresses
import PXEWire

/// Two machines have one address: the client's own, or the boot server's.
struct AddressInUse: DiagnosisRule {
  let id = "PXL026"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL006", "PXL008", "PXL028", "PXL044"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return declined(trace, evidence) ?? givenTwice(trace, evidence).map { [$0] } ?? []
  }

  private func declined(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    guard
      let exchange = trace.exchanges.last(where: { $0.declines > 0 }),
      let last = exchange.packets(of: "DECLINE").last,
      !evidence.overcame(.lease, after: last.time, by: exchange.agent)
    else { return nil }
    // A client waits for ten seconds before it begins anew (RFC 2131 section 3.1, step 5).
    let declines = trace.exchanges.reduce(0) { $0 + $1.declines }
    let isShort = declines < 2 && evidence.seconds(after: last.time) < 10
    let address = exchange.acks.last?.address ?? exchange.requestedAddress
    let holder = address.flatMap { address in
      evidence.segment.activity.holders(
        of: address, beside: trace.mac, on: exchange.vlan, before: last.time
      ).last { !$0.isOffer }
    }
    let other =
      holder.map { "\($0.mac), to which \($0.reply.server) gave it as well, uses it" }
      ?? "another machine uses it"
    return [
      Finding(
        id, isShort ? .info : evidence.severity(by: exchange.agent), mac: trace.mac,
        title: "\(trace.mac) declines \(address.map { "\($0)" } ?? "its address"): "
          + "\(other).",
        evidence: [
          EvidenceItem("\(exchange.declines) DECLINE", exchange.packets(of: "DECLINE"))
        ] + exchange.acks.suffix(2).map { $0.item("ACK") },
        fix: "Find who else has the address (arping), take it out of the server's range or reserve "
          + "it, and look for a second DHCP server with the same range.")
    ]
  }

  /// The client was given an address that another machine has been given too and may still have, and
  /// nothing came of its boot.
  private func givenTwice(_ trace: ClientTrace, _ evidence: Evidence) -> Finding? {
    let leases = trace.exchanges.filter { $0.agent.wantsBootFile && !$0.isBootServerDiscovery }
    guard let exchange = leases.last(where: { !$0.acks.isEmpty }), let ack = exchange.acks.last,
      let address = ack.address, evidence.seconds(after: ack.time) >= 10,
      !evidence.overcame(.load, after: ack.time)
    else { return nil }
    let holder = evidence.segment.activity.holders(
      of: address, beside: trace.mac, on: exchange.vlan, before: ack.time
    ).last {
      // The same machine may have two cards, and one address for both.
      let isThere = $0.lastSeen > ack.time
      let isSame = $0.machineUUID != nil && $0.machineUUID == exchange.machineUUID && !isThere
      return !$0.isOffer && !isSame
        && evidence.segment.isOneCapture($0.reply.time, ack.time)
        && (isThere || !evidence.overcame(.request, after: ack.time))
        && ack.time.seconds(since: $0.reply.time) < Double($0.reply.leaseTime ?? 600)
    }
    guard let holder else { return nil }
    return Finding(
      id, evidence.severity(by: exchange.agent), mac: trace.mac,
      title:
        "\(ack.server) gives \(trace.mac) the address \(address), which \(holder.reply.server) had "
        + "given to \(holder.mac) before.",
      evidence: [
        EvidenceItem(holder.reply.description("ACK") + ", to \(holder.mac)", [holder.reply.packet]),
        ack.item("ACK"),
      ] + evidence.firmwareMessages,
      fix:
        "Let one server alone have this range, and keep its leases when it is started anew; look for "
        + "a second DHCP server with the same range, and for two reservations of one address.")
  }
}
