import PXEWire

/// What was asked for as a script or program is a web page: a server that answers everything, a
/// sign-in page, or an error page with the status of success.
struct WebPage: DiagnosisRule {
  let id = "PXL088"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL009", "PXL013", "PXL033", "PXL036"])

  /// A page in the place of a file.
  private struct Page {
    let place: String
    let server: String
    let words: String
    let time: Timestamp
    let packets: [PacketReference]
  }

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let pages = (overHTTP(trace) + overTFTP(trace)).sorted { $0.time < $1.time }
      .filter { !evidence.overcame(.load, after: $0.time) }
    guard let page = pages.first else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The server \(page.server) answers \(page.place) with a web page instead of a script "
          + "or program.",
        evidence: pages.prefix(6).map { EvidenceItem($0.words, $0.packets) }
          + evidence.firmwareMessages,
        fix: "Correct the URL or name, and let the server say 404 for what it does not have: a "
          + "catch-all, a sign-in page or an error page of a proxy in front of it answers everything "
          + "with HTML and status 200.")
    ]
  }

  private func overHTTP(_ trace: ClientTrace) -> [Page] {
    trace.httpTransfers.filter { transfer in
      transfer.image == .page && (200...299).contains(transfer.status ?? 0)
        && transfer.isBoot(in: trace) && !Self.isPage(transfer.target ?? "")
    }.map { transfer in
      Page(
        place: transfer.url, server: "\(transfer.server)",
        words: "\(transfer.method ?? "request") \(transfer.url): \(transfer.status ?? 0), "
          + "Content-Type \(transfer.contentType ?? "missing"), the first bytes are HTML",
        time: transfer.lastProgress,
        packets: [transfer.packet, transfer.responsePacket].compactMap { $0 })
    }
  }

  private func overTFTP(_ trace: ClientTrace) -> [Page] {
    trace.transfers.filter { transfer in
      transfer.image == .page && !transfer.isWrite && !Self.isPage(transfer.file)
        && (trace.looksForBoot || !trace.hasExchanges)
    }.map { transfer in
      Page(
        place: transfer.file, server: "\(transfer.server)",
        words: "TFTP \(transfer.file): the first bytes are HTML",
        time: transfer.lastProgress, packets: [transfer.packet])
    }
  }

  /// Whether the name is one of a page.
  private static func isPage(_ target: String) -> Bool {
    let name = target.prefix { $0 != "?" }.lowercased()
    return name.hasSuffix(".html") || name.hasSuffix(".htm")
  }
}
