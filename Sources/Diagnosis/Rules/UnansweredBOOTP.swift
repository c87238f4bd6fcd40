import Addresses
import PXEWire

/// A client asks by BOOTP, and no server answers.
struct UnansweredBOOTP: DiagnosisRule {
  let id = "PXL072"
  let stage = FaultStage.discover
  let fields: [CauseField] = [.serverCommand]
  let isLaterAttempt = true

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.exchanges.filter { exchange in
      exchange.isUnanswered && !exchange.isBootServerDiscovery
        && !exchange.packets(of: "BOOTREQUEST").isEmpty
    }
    let packets = asked.flatMap { $0.packets(of: "BOOTREQUEST") }
    guard let exchange = asked.last, let first = packets.first, let last = packets.last,
      last.time.seconds(since: first.time) > 0.5, evidence.seconds(after: first.time) >= 4,
      !trace.exchanges.contains(where: { exchange in
        exchange.acks.contains { $0.time > last.time }
      }), !evidence.overcame(.lease, after: last.time, by: exchange.agent)
    else { return [] }
    let others = evidence.segment.servers.filter { $0.vlan == exchange.vlan }.map {
      "\($0.address)"
    }
    let beside = others.isEmpty ? "" : "; the DHCP server \(others[0]) answers others"
    return [
      Finding(
        id, evidence.severity(by: exchange.agent, absence: true), mac: trace.mac,
        title:
          "\(trace.mac) asks by BOOTP \(place(exchange.vlan)), without a DHCP message type (option "
          + "53), and no server answers\(beside).",
        evidence: [
          EvidenceItem("\(packets.count) BOOTREQUEST from \(trace.mac), no BOOTREPLY", packets)
        ],
        fix:
          "Let the server serve BOOTP clients: a reservation with the MAC address, or a range for them "
          + "(dnsmasq: dhcp-host and bootp-dynamic; ISC: allow bootp, dynamic-bootp; Kea: libdhcp_bootp)."
      )
    ]
  }
}
