import PXEWire

/// The server's OACK states more than the client asked for, and the client does not take it.
struct OptionsOverRequest: DiagnosisRule {
  let id = "PXL082"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL008", "PXL013", "PXL029", "PXL031", "PXL032", "PXL083",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let dropped = trace.transfers.filter { transfer in
      !transfer.excessOptions.isEmpty && transfer.isNotTaken && !transfer.isNotNeeded
        && (transfer.repeatedRequests > 0 || TransferStalled.isStopped(transfer, evidence))
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = dropped.last, let excess = transfer.excessOptions.first else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "The TFTP server \(transfer.server) answers the request for \(transfer.file) with "
          + "\(excess.name) \(excess.stated), and \(trace.mac) asked for "
          + (excess.asked.map { "\(excess.name) \($0)." } ?? "no \(excess.name)."),
        evidence: transfer.excessOptions.prefix(4).map { one in
          EvidenceItem(
            "OACK: \(one.name) \(one.stated), "
              + (one.asked.map { "asked for: \($0)" } ?? "not asked for"),
            [transfer.packet, one.packet])
        } + [
          EvidenceItem(
            transfer.state == .aborted
              ? "the client ends the transfer: \(transfer.errorMessage ?? "")"
              : "the client acknowledges nothing; \(trace.requests(of: transfer)) requests in all",
            [transfer.lastPacket])
        ] + evidence.firmwareMessages,
        fix:
          "Use a TFTP server that states no more than it is asked for (RFC 2347, 2348, 7440), or "
          + "switch its option off: a fixed block size or window in its configuration.")
    ]
  }
}

extension TFTPTransfer {
  /// Whether the client took nothing of the server's answer, so that the options may be why.
  fileprivate var isNotTaken: Bool {
    acknowledgments == 0 && state != .sizeOnly && state != .complete
      && (state != .failed || errorIsFromClient)
  }
}
