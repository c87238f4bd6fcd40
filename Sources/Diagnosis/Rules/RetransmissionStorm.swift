import PXEWire

/// Blocks of a transfer come again and again, so that it takes long or never ends.
struct RetransmissionStorm: DiagnosisRule {
  let id = "PXL031"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL008"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let storms = trace.transfers.filter {
      // One block that is repeated to the end is a stall; a storm has many, and goes on.
      $0.blocks >= 8 && $0.repeatedBlocks >= max(8, $0.blocks / 2)
        && $0.repeatedAcknowledgments >= $0.blocks / 4
    }
    // Where packets are lost, each lost one costs a timeout, and so the boot.
    let losses = trace.transfers.filter {
      !$0.isWhole && $0.blocks >= 16 && $0.repeatedBlocks >= max(8, $0.blocks / 8)
        && $0.duration >= Double($0.repeatedBlocks) / 2
    }
    guard let transfer = storms.last ?? losses.last else { return [] }
    // What still moves when a capture ends may well arrive; a lab waited for it.
    let isMoving =
      transfer.isOpen && evidence.segment.isFile
      && evidence.seconds(after: transfer.lastProgress) < 5
    let isOvercome =
      transfer.isWhole || transfer.isWholeThoughMissed
      || evidence.overcame(.load, after: transfer.lastProgress)
    // Each block three times is a storm while it moves, too.
    let isSure = transfer.repeatedBlocks >= transfer.blocks * 3 / 2
    let severity: Finding.Severity =
      isOvercome ? .info : isMoving ? (isSure ? .warning : .info) : evidence.severity()
    return [
      Finding(
        id, severity, mac: trace.mac,
        title: "\(transfer.repeatedBlocks) blocks of \(transfer.file) were sent again for "
          + "\(transfer.blocks) that arrived: "
          + (storms.isEmpty ? "packets are lost on the way." : "each is sent more than once."),
        evidence: [
          EvidenceItem(
            "\(transfer.blocks) blocks, \(transfer.repeatedBlocks) sent again, "
              + "\(transfer.repeatedAcknowledgments) acknowledgments sent again, in "
              + Quantity.seconds(transfer.duration), [transfer.packet, transfer.lastPacket])
        ],
        fix:
          "Look for lost packets or a path that takes longer than the sender's timeout; a client "
          + "or server that answers every duplicate doubles the traffic from then on (RFC 1123 "
          + "section 4.2.3.1): use another TFTP server, or a larger block size and a window.")
    ]
  }
}
