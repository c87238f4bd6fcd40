import PXEWire

/// A client is given a URL that it cannot load: a PXE client, which loads by TFTP, any; another one
/// whose scheme it does not speak.
struct URLForPXEClient: DiagnosisRule {
  let id = "PXL022"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL004", "PXL007", "PXL008", "PXL009", "PXL024", "PXL028", "PXL029",
  ])

  /// How to keep URLs from clients that load by TFTP.
  private static let fix =
    "Give clients of vendor class PXEClient (architecture 0, 7, 11) a file name, and "
    + "URLs only to HTTPClient (architecture 16, 19) and iPXE (user class iPXE)."

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
          id, mac: trace.mac,
          title: "The server \(reply.server) gives the PXE client \(trace.mac) a URL, \(url), "
            + "which it cannot load by TFTP.",
          evidence: [reply.item(exchange.acks.isEmpty ? "OFFER" : "ACK")]
            + asked.map { EvidenceItem("TFTP request for \($0.file)", [$0.packet]) }
            + evidence.firmwareMessages,
          fix: Self.fix)
      ]
    }
    return overIPv6(trace, evidence) ?? askedByTFTP(trace, evidence) ?? notSpoken(trace, evidence)
  }

  /// PXE over IPv6 loads by TFTP too, whose URLs begin with tftp:// (RFC 5970 section 3.1).
  private func overIPv6(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    for exchange in trace.exchangesV6.reversed() where exchange.agent == .firmware {
      guard
        let reply = (exchange.replies + exchange.advertises).first(where: {
          $0.bootFileURL?.isURL == true
        }), let url = reply.bootFileURL, evidence.hadTime(after: reply.time),
        !evidence.overcame(.request, after: reply.time)
      else { continue }
      return [
        Finding(
          id, evidence.severity(), mac: trace.mac,
          title:
            "The DHCPv6 server \(reply.source) gives the PXE client \(trace.mac) a URL, \(url), "
            + "which it cannot load by TFTP.",
          evidence: [EvidenceItem("option 59 is \(url)", [reply.packet])]
            + evidence.firmwareMessages,
          fix:
            "Give clients of vendor class PXEClient tftp://[ADDRESS]/FILE in option 59, and http URLs "
            + "only to HTTPClient and iPXE.")
      ]
    }
    return nil
  }

  /// The client asks a TFTP server for a URL, and what told it so is not in the capture.
  private func askedByTFTP(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding]? {
    let asked = trace.transfers.filter {
      $0.file.isURL && $0.state == .failed && !evidence.overcame(.load, after: $0.lastProgress)
    }
    guard let transfer = asked.last else { return nil }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "\(trace.mac) asks the TFTP server \(transfer.server) for a URL, \(transfer.file), "
          + "which it cannot load so.",
        evidence: asked.suffix(4).map {
          EvidenceItem("TFTP request for \($0.file)", [$0.packet, $0.lastPacket])
        } + evidence.firmwareMessages,
        fix: Self.fix)
    ]
  }

  /// iPXE is given a URL with a scheme that it was built without: it does not
  /// even look for the server. A capture without TCP looks the same.
  private func notSpoken(_ trace: ClientTrace, _ evidence: Evidence) -> [Finding] {
    guard
      let exchange = trace.exchanges.last(where: {
        $0.agent == .ipxe && !$0.acks.isEmpty
      }), let reply = exchange.acks.last, let url = reply.bootFile,
      let scheme = url.firstRange(of: "://").map({ url[..<$0.lowerBound].lowercased() }),
      scheme != "http", scheme != "tftp", evidence.seconds(after: reply.time) >= 3,
      !evidence.overcame(.request, after: reply.time),
      !trace.httpTransfers.contains(where: { $0.started > reply.time }),
      !trace.nameQueries.contains(where: { $0.packet.time > reply.time }),
      !trace.unansweredARP.contains(where: { $0.since > reply.time })
    else { return [] }
    return [
      Finding(
        id, .info, mac: trace.mac,
        title:
          "The server \(reply.server) gives \(trace.mac) \(url), and it does not look for that "
          + "server: as a rule it was built without \(scheme.uppercased()).",
        evidence: [
          reply.item("ACK"),
          EvidenceItem(
            "no connection, no question for a name and no ARP request in "
              + Quantity.seconds(evidence.segment.seconds(after: reply.time)) + " after it"),
        ] + evidence.firmwareMessages,
        fix:
          "Give it an http:// URL, or an iPXE that is built with \(scheme.uppercased()) "
          + "(DOWNLOAD_PROTO_\(scheme.uppercased())); its start-up line lists its features.")
    ]
  }
}
