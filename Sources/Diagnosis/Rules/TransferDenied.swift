import PXEWire

/// The server has the file, or may, and does not give it.
struct TransferDenied: DiagnosisRule {
  let id = "PXL029"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL013", "PXL033", "PXL009"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let denied = trace.transfers.filter {
      $0.state == .failed && !$0.isWrite && !$0.errorIsFromClient && !$0.isMissing
        && !$0.isNotNeeded
        && !evidence.overcame(.load, after: $0.lastProgress)
    }
    // A client that may not have its options asks again without them.
    guard
      let first = denied.first(where: { one in
        one.errorCode != .optionNegotiation
          || !trace.transfers.contains { $0.started > one.lastProgress && $0.file == one.file }
      })
    else { return [] }
    let code = first.errorCode.map { "error \($0.rawValue)" } ?? "an error"
    let words = first.errorMessage.flatMap { $0.isEmpty ? nil : $0 } ?? first.errorCode?.meaning
    let isPermission = first.errorCode == .accessViolation
    return [
      Finding(
        id, evidence.severityOfTransfer(), mac: trace.mac,
        title: "The server \(first.server) refuses \(first.file): \(words ?? code).",
        evidence: denied.prefix(6).map {
          EvidenceItem(
            "TFTP \($0.errorCode.map { "error \($0.rawValue)" } ?? "error") for \($0.file): "
              + ($0.errorMessage ?? ""), [$0.packet, $0.lastPacket])
        } + evidence.firmwareMessages,
        fix: isPermission
          ? "Make \(first.file) readable for the TFTP server's user, and keep it inside the folder "
            + "that is served (no link out of it, no .. in its name; tftpd-hpa wants it readable "
            + "for all)."
          : "Read the TFTP server's log at that time; the boot loader asked for \(first.file).")
    ]
  }
}
