import Addresses
import PXEWire

/// A client that boots over IPv6 asks for an address and no DHCPv6 server answers.
struct UnansweredSolicit: DiagnosisRule {
  let id = "PXL041"
  let stage = FaultStage.discover
  let isLaterAttempt = true

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.exchangesV6.filter {
      $0.solicits > 0 && $0.isUnanswered
    }
    guard let last = asked.last, let packet = last.clientMessages.last?.packet,
      !evidence.overcame(.lease, after: packet.time, by: last.agent)
    else { return [] }
    let count = asked.reduce(0) { $0 + $1.solicits }
    // Where IPv4 is served, IPv6 is only what the firmware tries besides; unless it is to boot so.
    let isBeside =
      evidence.expectation?.bootLocation?.isIPv6 != true
      && trace.exchanges.contains {
        ($0.agent.wantsBootFile || $0.agent == last.agent) && !$0.isUnanswered
      }
    // A host that is not told to use DHCPv6 may ask all the same, and wants nothing to boot.
    let isIdle =
      last.agent == .other && evidence.expectation == nil
      && (trace.sendsOverIPv4 && trace.receivesOverIPv4 || !isManaged(last.vlan, evidence))
    let isShort = packet.time.seconds(since: asked[0].started) < 0.5
    let question =
      last.relays.first.map {
        "The relay agent \($0) passes the SOLICIT on and no server answers it."
      }
      ?? "DHCPv6 SOLICIT was seen \(place(last.vlan)) and no server answers there"
      + (Self.routerWords(last.vlan, evidence).map { "; \($0)." } ?? ".")
    return [
      Finding(
        id,
        isBeside || isShort || isIdle ? .info : evidence.severity(by: last.agent, absence: true),
        mac: trace.mac,
        title: question,
        evidence: [
          EvidenceItem(
            "\(count) SOLICIT, no ADVERTISE", asked.flatMap { $0.clientMessages.map(\.packet) })
        ] + evidence.firmwareMessages,
        fix: "Serve DHCPv6 with a boot file URL (option 59) on this network, and router "
          + "advertisements with the managed flag; or boot over IPv4.")
    ]
  }

  /// Whether a router says that addresses come from DHCPv6 (RFC 4861 section 4.2).
  private func isManaged(_ vlan: VLANID?, _ evidence: Evidence) -> Bool {
    evidence.segment.traces.contains { $0.vlan == vlan && $0.routers.contains(where: \.managed) }
  }

  /// That the routers tell hosts to make their addresses themselves, if all do.
  private static func routerWords(_ vlan: VLANID?, _ evidence: Evidence) -> String? {
    let routers = evidence.segment.traces.filter { $0.vlan == vlan }.flatMap(\.routers)
    guard let router = routers.first, !routers.contains(where: \.managed) else { return nil }
    return
      "the router \(router.address) advertises M=0 and O=\(router.otherConfiguration ? 1 : 0), which "
      + "means that addresses do not come from DHCPv6"
  }
}
