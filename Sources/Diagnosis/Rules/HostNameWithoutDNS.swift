import Addresses
import PXEWire

/// The boot file's URL names its host by a name, and the client is given no DNS server.
struct HostNameWithoutDNS: DiagnosisRule {
  let id = "PXL068"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.bootFile]
  let isLaterAttempt = true
  let consequences: Consequences = .laterAttempts(and: ["PXL040"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, trace.nameQueries.isEmpty else { return [] }
    // A client that has a DNS server from IPv4 may use it for IPv6.
    let hasServer =
      trace.exchanges.flatMap { $0.offers + $0.acks }.contains { !$0.domainNameServers.isEmpty }
      || trace.exchangesV6.flatMap { $0.advertises + $0.replies }
        .contains { !$0.domainNameServers.isEmpty }
    guard !hasServer else { return [] }
    let overIPv4 = trace.exchanges
      // PXE firmware takes a URL over IPv4 for the name of a file.
      .filter { $0.agent == .ipxe || $0.agent == .httpFirmware }
      .flatMap { exchange in
        (exchange.heardOffers + exchange.acks).map { (exchange.agent, $0.bootFile, $0.packet, 6) }
      }
    let overIPv6 = trace.exchangesV6.filter(\.agent.wantsBootFile).flatMap { exchange in
      (exchange.advertises + exchange.replies).map {
        (exchange.agent, $0.bootFileURL, $0.packet, 23)
      }
    }
    let named = (overIPv4 + overIPv6).compactMap { agent, url, packet, option in
      url.flatMap { BootURL($0) }.flatMap { Self.needsDNS($0) ? (agent, $0, packet, option) : nil }
    }
    guard let (agent, url, packet, option) = named.max(by: { $0.2.time < $1.2.time }),
      let first = named.map(\.2.time).min(), evidence.hadTime(after: first),
      !evidence.overcame(.request, after: packet.time)
    else { return [] }
    return [
      Finding(
        id, evidence.severity(by: agent, absence: true), mac: trace.mac,
        title:
          "The boot file URL \(url.text) names the host \(url.host), and \(trace.mac) is given no "
          + "DNS server (option \(option)).",
        evidence: [
          EvidenceItem("\(url.text), and no DNS server in any answer", [packet]),
          "the client asks no DNS server for \(url.host)",
        ] + evidence.firmwareMessages,
        fix:
          "Let DHCP give a DNS server that knows \(url.host) (option 6; in DHCPv6 option 23), or give "
          + "the URL with an address.")
    ]
  }

  private static func needsDNS(_ url: BootURL) -> Bool {
    url.fault == nil && IPAddress(url.host) == nil && !url.host.lowercased().hasSuffix(".local")
      && !url.host.contains("%") && !url.host.contains("$")
  }
}
