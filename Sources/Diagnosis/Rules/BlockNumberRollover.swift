import PXEWire

/// A transfer stops where the block numbers are used up: TFTP numbers blocks with 16 bits, and what
/// comes after 65535 is not standardised.
struct BlockNumberRollover: DiagnosisRule {
  let id = "PXL084"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL008", "PXL013", "PXL029", "PXL030", "PXL031", "PXL032",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let stopped = trace.transfers.filter { transfer in
      transfer.isAtRollover
        && (transfer.state == .failed || TransferStalled.isStopped(transfer, evidence))
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = stopped.last else { return [] }
    let file = transfer.beganBefore ? "a file asked for before the capture" : transfer.file
    let most = 65535 * transfer.blockSize
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "The transfer of \(file) from \(transfer.server) stops at block 65535, after which "
          + "block numbers begin anew: one of the two cannot do that.",
        evidence: [
          EvidenceItem(
            "blocks of \(transfer.blockSize) bytes, so 65535 are \(Quantity.bytes(most))"
              + (transfer.size.map { "; the file has \(Quantity.bytes($0))" } ?? ""),
            [transfer.packet]),
          EvidenceItem(
            "\(transfer.acknowledgedBlocks) is the last block acknowledged, \(transfer.lastBlock) the "
              + "last sent; \(transfer.repeatedAcknowledgments) acknowledgments and "
              + "\(transfer.repeatedBlocks) blocks came again", [transfer.lastPacket]),
        ] + evidence.firmwareMessages,
        fix:
          "Let client and server use a larger block size (option blksize: 1468 allows 96 MB, 512 "
          + "only 33 MB), load large files by HTTP, or use a server that goes on with the number "
          + "that this client expects, 0 or 1.")
    ]
  }
}

extension TFTPTransfer {
  /// Whether the transfer got as far as block numbers go, and no further.
  var isAtRollover: Bool {
    let last = 65535
    guard !isWhole, size.map({ $0 >= last * blockSize }) ?? true else { return false }
    let distance = max(1, min(windowSize, 64))
    let furthest = max(lastBlock, acknowledgedBlocks)
    return furthest >= last && acknowledgedBlocks <= last + 1 && furthest <= last + 1 + distance
      && (blocks > 0 || acknowledgedBlocks >= last)
  }
}
