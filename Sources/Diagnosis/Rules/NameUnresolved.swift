import Addresses
import PXEWire

/// The boot server is named, and its name has no address.
struct NameUnresolved: DiagnosisRule {
  let id = "PXL040"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL038", "PXL028"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let names = Set(bootHosts(trace).map { $0.lowercased() })
    let failed = trace.nameQueries.filter { query in
      names.contains(query.name.lowercased()) && !query.isResolved
        && !trace.nameQueries.contains { $0.name == query.name && $0.isResolved }
        && !evidence.overcame(.request, after: query.packet.time)
        && (query.isAnswered || query.attempts > 1
          || evidence.seconds(after: query.packet.time) >= 4)
    }
    guard let query = failed.first else { return [] }
    let answer =
      query.responseCode.map { $0 == 3 ? "there is no such name" : "code \($0), no address" }
    return [
      Finding(
        id, evidence.severity(absence: answer == nil), mac: trace.mac,
        title: "The boot server's name \(query.name) has no address: "
          + (answer.map { "\(query.server) says \($0)." }
            ?? "the DNS server \(query.server) does not answer."),
        evidence: failed.map {
          EvidenceItem("\($0.attempts) questions for \($0.name) to \($0.server)", [$0.packet])
        },
        fix: "Give the boot file's URL with an address, add the name to the DNS server, or correct "
          + "the DNS server that DHCP gives (option 6).")
    ]
  }

  private func bootHosts(_ trace: ClientTrace) -> [String] {
    trace.namedBootFiles.compactMap(ClientTrace.host(ofURL:))
      + trace.exchanges.flatMap { $0.offers + $0.acks }.compactMap(\.tftpServerName)
      + trace.sanPaths.compactMap(\.host)
      + trace.httpTransfers.compactMap { $0.location.flatMap(ClientTrace.host(ofURL:)) }
  }
}
