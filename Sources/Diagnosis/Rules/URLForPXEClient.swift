import PXEWire

/// A PXE client, which loads by TFTP, is given a URL.
struct URLForPXEClient: DiagnosisRule {
  let stage = FaultStage.transfer
  let consequences = Set<String>.laterAttempts.union([
    "PXL004", "PXL007", "PXL008", "PXL009", "PXL024", "PXL028", "PXL029",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges where exchange.agent == .firmware {
      let replies = exchange.acks.isEmpty ? exchange.heardOffers : exchange.acks
      guard let reply = replies.last(where: { $0.bootFile?.isURL == true }),
        let url = reply.bootFile, !evidence.overcame(.load, after: reply.time)
      else { continue }
      let asked = trace.transfers.filter { $0.file == url || url.hasSuffix($0.file) }
      return [
        Finding(
          "PXL022", mac: trace.mac,
          title: "The server \(reply.server) gives the PXE client \(trace.mac) a URL, \(url), "
            + "which it cannot load by TFTP.",
          evidence: [reply.item(exchange.acks.isEmpty ? "OFFER" : "ACK")]
            + asked.map { EvidenceItem("TFTP request for \($0.file)", [$0.packet]) }
            + evidence.firmwareMessages,
          fix: "Give clients of vendor class PXEClient (architecture 0, 7, 11) a file name, and "
            + "URLs only to HTTPClient (architecture 16, 19) and iPXE (user class iPXE).")
      ]
    }
    return []
  }
}
