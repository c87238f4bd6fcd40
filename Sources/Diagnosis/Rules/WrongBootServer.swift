import Addresses
import PXEWire

/// Option 66 names one boot server and `siaddr` another: the client asks the one, and the file is on
/// the other.
struct WrongBootServer: DiagnosisRule {
  let id = "PXL023"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL006", "PXL007", "PXL008", "PXL028", "PXL029",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed() where exchange.agent.wantsBootFile {
      guard let reply = exchange.acks.last ?? exchange.heardOffers.last,
        let name = reply.tftpServerName, !name.isEmpty,
        IPv4Address(name) != reply.bootServer, name != "\(reply.bootServer)",
        !evidence.overcame(.load, after: reply.time)
      else { continue }
      let wrong = trace.transfers.filter {
        $0.started > reply.time && $0.server == .v4(reply.bootServer)
      }
      let asksARP = trace.unansweredARP.contains {
        $0.address == reply.bootServer && $0.since > reply.time
      }
      guard !wrong.isEmpty || asksARP else { continue }
      let siaddr = reply.nextServer.map { "siaddr is \($0)" } ?? "siaddr is not set"
      return [
        Finding(
          id, mac: trace.mac,
          title: "Option 66 names the boot server \(name), but \(siaddr): \(trace.mac) asks "
            + "\(reply.bootServer) for the boot file.",
          evidence: [reply.item(exchange.acks.isEmpty ? "OFFER" : "ACK")]
            + wrong.map {
              EvidenceItem("TFTP request for \($0.file) to \($0.server)", [$0.packet])
            } + evidence.firmwareMessages,
          fix: "Set the next server (siaddr) to the boot server: dnsmasq dhcp-boot=FILE,,ADDRESS; "
            + "ISC next-server; Kea next-server. Most firmware goes by siaddr, not by option 66.")
      ]
    }
    return []
  }
}
