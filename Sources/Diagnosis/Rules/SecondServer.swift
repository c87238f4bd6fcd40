import Addresses
import PXEWire

/// Two DHCP servers answer one client and contradict each other.
struct SecondServer: DiagnosisRule {
  let id = "PXL019"
  let stage = FaultStage.offer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL004", "PXL005", "PXL006", "PXL007", "PXL008", "PXL020", "PXL022", "PXL023", "PXL024",
    "PXL025", "PXL028", "PXL029", "PXL037", "PXL038", "PXL044",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return refusal(trace, evidence) ?? contradiction(trace, evidence) ?? []
  }

  /// One server gives, another forbids.
  private func refusal(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    for exchange in trace.exchanges.reversed() {
      guard let chosen = exchange.requestedServer,
        let nak = exchange.naks.last(where: { $0.server != chosen && !$0.isToRelay }),
        exchange.offers.contains(where: { $0.server == chosen }),
        !evidence.overcame(.lease, after: nak.time, by: exchange.agent)
      else { continue }
      return [
        Finding(
          id, evidence.severity(by: exchange.agent), mac: trace.mac,
          title: "A second DHCP server, \(nak.server), refuses what \(chosen) gives.",
          evidence: exchange.offers.map { $0.item("OFFER") } + [
            EvidenceItem(
              "NAK from \(nak.server) (\(nak.serverMAC))\(nak.message.map { ": \($0)" } ?? "")",
              [nak.packet])
          ], fix: Self.fix)
      ]
    }
    return nil
  }

  /// Both give, and not the same.
  private func contradiction(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    var replies: [DHCPExchange.Reply] = []
    for exchange in trace.exchanges where !exchange.isBootServerDiscovery {
      let given = (exchange.offers + exchange.acks).filter { $0.address != nil }
      for reply in given where !replies.contains(where: { $0.server == reply.server }) {
        // Of another program of the same machine, a server may rightly say something else.
        if replies.isEmpty || exchange.addressServers.count > 1 { replies.append(reply) }
      }
    }
    let known = evidence.expectation?.server
    guard replies.count > 1, let first = replies.first,
      let other = replies.first(where: { !Self.agree($0, first) }),
      let last = trace.exchanges.last(where: { $0.agent.wantsBootFile }) ?? trace.exchanges.last
    else { return nil }
    let grant = trace.exchanges.flatMap(\.acks).last { $0.address != nil }
    let isOvercome =
      evidence.overcame(.run, after: first.time)
      || (evidence.overcame(.load, after: first.time) && Self.loadedAsNamed(trace))
    // Whether what it loads is the wrong thing shows when it has come.
    let isUnderWay =
      trace.transfers.last.map {
        $0.isOpen && $0.blocks > 0 && evidence.seconds(after: $0.lastProgress) < 5
      } ?? false
    let intruder = grant.flatMap { grant in
      known.map { grant.server == $0 } == true ? nil : grant.server
    }
    let text =
      intruder.map { chosen in
        "Two DHCP servers answer, \(first.server) and \(other.server), and say different things; "
          + "\(trace.mac) took the OFFER of \(chosen)."
      } ?? "Two DHCP servers answer, \(first.server) and \(other.server), and say different things."
    return [
      Finding(
        id, isOvercome || isUnderWay ? .info : evidence.severity(by: last.agent),
        mac: trace.mac,
        title: text,
        evidence: replies.map { reply in
          EvidenceItem(
            reply.description("OFFER") + ", sent by \(reply.serverMAC)", [reply.packet])
        }, fix: Self.fix)
    ]
  }

  /// Whether two servers are one service: the same boot, in the same network.
  private static func agree(_ left: DHCPExchange.Reply, _ right: DHCPExchange.Reply) -> Bool {
    let isSameBoot = left.bootFile == right.bootFile
    // Each of a pair of servers may name itself as the place of the same file.
    let isSameNetwork =
      left.subnetMask == right.subnetMask
      && zip([left.address], [right.address]).allSatisfy { one, two in
        guard let one, let two, let mask = left.subnetMask?.rawValue else { return true }
        return one.rawValue & mask == two.rawValue & mask
      }
    return isSameBoot && isSameNetwork
  }

  /// Whether what arrived is what one of the servers named.
  private static func loadedAsNamed(_ trace: ClientTrace) -> Bool {
    let named = trace.exchanges.flatMap { $0.offers + $0.acks }.compactMap(\.bootFile)
    return BootProgress(trace).loads.contains { load in
      named.contains { ClientTrace.isSame($0, load.file) || $0.hasSuffix(load.file) }
    }
  }

  private static let fix =
    "Leave one DHCP server on this network; the sender's MAC address says which machine the other "
    + "runs on. On a cluster, take ipam out of the network attachment: with it, KubeVirt's own DHCP "
    + "server in the pod answers as well."
}
