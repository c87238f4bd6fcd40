import Addresses
import PXEWire

/// The firmware was answered, and a program that it loaded is not answered on the same VLAN: starting
/// the card anew takes the link down, and the switch's port, or what guards it, is not ready again.
struct LinkReset: DiagnosisRule {
  let id = "PXL090"
  let stage = FaultStage.discover
  let consequences: Consequences = ["PXL003", "PXL041", "PXL060"]
  /// Questions, and seconds from the first to the last, after which an operating system's client is in
  /// want of an answer.
  private static let systemQuestions = 5
  private static let systemPatience: Double = 25

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace,
      let last = trace.exchanges.last(where: { $0.isUnanswered && $0.discovers > 0 }),
      last.agent == .ipxe || last.agent == .other
    else { return [] }
    let silent = trace.exchanges.filter {
      $0.isUnanswered && $0.discovers > 0 && $0.requests == 0 && !$0.isBootServerDiscovery
        && $0.vlan == last.vlan && $0.agent == last.agent
    }
    guard let begin = silent.first?.started,
      let answered = trace.exchanges.last(where: {
        $0.vlan == last.vlan && $0.started < begin && !$0.acks.isEmpty && !$0.isBootServerDiscovery
          && $0.agent != last.agent && $0.agent != .other
      }), let grant = answered.acks.last,
      let load = evidence.progress?.loads.last(where: {
        $0.ended < begin && $0.started > answered.started
      })
    else { return [] }
    let end = UnansweredDiscover.end(last)
    let questions = silent.flatMap { $0.packets(of: "DISCOVER") }
    guard evidence.dropped == 0, !evidence.overcame(.lease, after: end, by: last.agent),
      // Who asks just once may have been answered where nobody listened.
      end.seconds(since: begin) >= 0.5, evidence.seconds(after: begin) >= 4
    else { return [] }
    let isSystem = last.agent == .other
    let isLong =
      silent.reduce(0) { $0 + $1.discovers } >= Self.systemQuestions
      && end.seconds(since: begin) >= Self.systemPatience
    let tree = evidence.segment.traces.lazy
      .filter { $0.vlan == last.vlan || $0.vlan == nil }.compactMap(\.spanningTree).first
    let before = Quantity.seconds(begin.seconds(since: grant.time))
    return [
      Finding(
        id,
        isSystem ? (isLong ? .warning : .info) : evidence.severity(by: last.agent, absence: true),
        mac: trace.mac,
        title: "\(isSystem ? "The system" : last.agent.title) on \(trace.mac) asks for an address "
          + "\(place(last.vlan)) and no server answers, although \(grant.server) answered the same "
          + "client \(before) before.",
        evidence: [
          EvidenceItem(
            "\(silent.reduce(0) { $0 + $1.discovers }) DISCOVER, no OFFER, in "
              + Quantity.seconds(end.seconds(since: begin)), questions),
          grant.item("ACK to the \(answered.agent.title) client,"),
          EvidenceItem("\(load.file) was loaded in between"),
        ]
          + [tree].compactMap { $0 }.map {
            EvidenceItem(
              "a spanning tree runs here: \($0.count) BPDUs, forward delay "
                + Quantity.seconds($0.forwardDelay), [$0.packet])
          },
        fix:
          "The program starts the card anew, which takes the link down: make the switch's port an "
          + "edge port (PortFast, no LACP, no autonegotiation of trunks), and see whether port "
          + "security or 802.1X blocks it after the change. If the link stays up, look for a rule of "
          + "the server \(grant.server) that leaves this program's class out.")
    ]
  }
}
