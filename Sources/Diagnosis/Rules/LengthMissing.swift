import PXEWire

/// The HTTP server does not say how long the boot file is, and UEFI firmware wants to know before it
/// loads (edk2, HttpBootDxe: "Could not retrieve NBP file size from HTTP server").
struct LengthMissing: DiagnosisRule {
  let id = "PXL087"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL009", "PXL013", "PXL033", "PXL036", "PXL038",
  ])
  /// Seconds of silence after which the firmware has given up.
  private static let patience: Double = 10

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let unsized = trace.httpTransfers.filter { $0.isUnsized && $0.isOfFirmware(trace) }
    guard let transfer = unsized.last, let packet = transfer.responsePacket,
      !trace.httpTransfers.contains(where: { $0.isSized(as: transfer) }),
      !evidence.overcame(.run, after: packet.time),
      !trace.httpTransfers.contains(where: {
        $0.started > packet.time && !ClientTrace.isSame($0.target ?? "", transfer.target ?? "")
      }),
      trace.asksAgain(after: packet.time)
        || (transfer.method == "HEAD" && evidence.seconds(after: packet.time) >= Self.patience)
    else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The HTTP server \(transfer.server) does not state the length of \(transfer.url): the "
          + "response has no Content-Length, which UEFI firmware needs.",
        evidence: unsized.suffix(4).map { one in
          EvidenceItem(
            "\(one.method ?? "request") \(one.url): \(one.status ?? 0) without Content-Length",
            [one.packet, one.responsePacket].compactMap { $0 })
        } + evidence.firmwareMessages,
        fix:
          "Serve the file as a file, not out of a program, and let the web server answer HEAD as it "
          + "answers GET; switch compression off for it (gzip takes the length away).")
    ]
  }
}

extension HTTPTransfer {
  /// Whether the whole head of a good response was captured, and states neither length nor chunks.
  fileprivate var isUnsized: Bool {
    status == 200 && hasWholeHead && contentLength == nil && !isChunked
  }

  fileprivate func isOfFirmware(_ trace: ClientTrace) -> Bool {
    guard isBoot(in: trace) else { return false }
    guard let userAgent, !userAgent.isEmpty else {
      return trace.exchanges.last { $0.started < started }?.agent == .httpFirmware
    }
    return userAgent.lowercased().contains("uefi")
  }

  /// Whether it says how long the same file is, or need not.
  fileprivate func isSized(as other: HTTPTransfer) -> Bool {
    ClientTrace.isSame(target ?? "", other.target ?? "") && status.map { $0 < 300 } == true
      && (contentLength != nil || isChunked)
  }
}

extension ClientTrace {
  /// Whether the firmware begins anew after a moment.
  fileprivate func asksAgain(after time: Timestamp) -> Bool {
    exchanges.contains { $0.started > time && $0.agent.wantsBootFile && $0.agent != .ipxe }
      || exchangesV6.contains { $0.started > time && $0.agent.wantsBootFile && $0.agent != .ipxe }
  }
}
