import Addresses
import PXEWire

/// DHCPv6 gives no addresses on this network, on purpose, and the client wants one to boot over IPv6.
struct StatelessDHCPv6: DiagnosisRule {
  let id = "PXL075"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.serverCommand]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts(and: ["PXL027"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.exchangesV6.filter { $0.solicits > 0 && $0.agent.wantsBootFile }
    guard let last = asked.last, let question = last.clientMessages.last?.packet,
      Self.isStateless(trace, on: last.vlan, evidence),
      !evidence.overcame(.lease, after: question.time, by: last.agent)
    else { return [] }
    // Where IPv4 is served, IPv6 is only what the firmware tries besides.
    let isBeside =
      evidence.expectation?.bootLocation?.isIPv6 != true
      && trace.exchanges.contains { $0.agent.wantsBootFile && !$0.isUnanswered }
    let routers = Self.routers(on: last.vlan, evidence)
    let refusals = asked.flatMap { $0.advertises + $0.replies }
      .filter { $0.status == .noAddressesAvailable }
    let router = routers.first.map {
      "the router \($0.address) advertises M=0 and O=\($0.otherConfiguration ? 1 : 0)"
    }
    return [
      Finding(
        id, isBeside ? .info : evidence.severity(by: last.agent), mac: trace.mac,
        title: "DHCPv6 gives no addresses \(place(last.vlan)): it is stateless there"
          + (router.map { " (\($0))" } ?? "") + ", and \(trace.mac) needs one to boot over IPv6.",
        evidence: routers.map {
          EvidenceItem(
            "router advertisement of \($0.address): managed flag (M) 0, other configuration flag (O) "
              + "\($0.otherConfiguration ? 1 : 0)", [$0.packet])
        }
          + refusals.prefix(4).map {
            EvidenceItem("status NoAddrsAvail from \($0.source)", [$0.packet])
          } + [EvidenceItem("\(asked.reduce(0) { $0 + $1.solicits }) SOLICIT", [question])]
          + evidence.firmwareMessages,
        fix:
          "Give the DHCPv6 server a range of addresses on this network and set the managed flag (M) in "
          + "the router's advertisements (dnsmasq: dhcp-range=START,END instead of ra-stateless; radvd: "
          + "AdvManagedFlag on); or boot over IPv4.")
    ]
  }

  private static func routers(on vlan: VLANID?, _ evidence: Evidence) -> [SegmentTrace.Router] {
    evidence.segment.traces.filter { $0.vlan == vlan }.flatMap(\.routers)
  }

  /// Whether DHCPv6 answers a client and, as the routers say, gives nobody an address.
  static func isStateless(_ trace: ClientTrace, on vlan: VLANID?, _ evidence: Evidence) -> Bool {
    let answers = trace.exchangesV6.filter { $0.vlan == vlan }
      .flatMap { $0.advertises + $0.replies }
    guard !answers.isEmpty, answers.allSatisfy(\.addresses.isEmpty),
      !evidence.segment.givesAddressesV6(on: vlan)
    else { return false }
    let routers = routers(on: vlan, evidence)
    // A client that asks for all but addresses was told so by a router (RFC 4861 section 4.2).
    return routers.isEmpty
      ? trace.exchangesV6.contains { $0.informationRequests > 0 && !$0.replies.isEmpty }
      : !routers.contains(where: \.managed)
  }
}
