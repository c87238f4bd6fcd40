import PXEWire

/// The HTTP server ends the connection before it has sent as many bytes as it stated.
struct BodyCutShort: DiagnosisRule {
  let id = "PXL086"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL009", "PXL013", "PXL020", "PXL033", "PXL036", "PXL038",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let short = trace.httpTransfers.filter { transfer in
      transfer.isCutShort && transfer.isBoot(in: trace)
        && !TFTPTransfer.isNotNeeded(transfer.target ?? "")
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = short.last, let sent = transfer.sentBytes,
      let length = transfer.contentLength
    else { return [] }
    let end = transfer.resetByClient == false ? "resets" : "closes"
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The HTTP server \(transfer.server) \(end) the connection after \(sent) of \(length) "
          + "bytes of \(transfer.url).",
        evidence: short.suffix(4).map { one in
          EvidenceItem(
            "\(one.method ?? "request") \(one.url): Content-Length \(one.contentLength ?? 0), "
              + "\(one.sentBytes ?? 0) bytes sent, \((one.contentLength ?? 0) - (one.sentBytes ?? 0)) "
              + "missing", [one.packet, one.responsePacket].compactMap { $0 })
        } + evidence.firmwareMessages,
        fix: "Put the file whole into the folder that is served and do not change it while it is "
          + "loaded; look at the web server's log, and at a proxy or load balancer before it that "
          + "limits size or time or has an old length in its cache.")
    ]
  }
}

extension HTTPTransfer {
  /// Whether the server ended the connection before the body was whole, by its own sequence numbers.
  var isCutShort: Bool {
    guard state == .aborted, resetByClient != true, method != "HEAD", let sentBytes,
      let contentLength
    else { return false }
    return (200...299).contains(status ?? 0) && sentBytes < contentLength
      && bytes < contentLength
  }
}
