import PXEWire

/// A file arrives with another length than the server stated.
struct TransferSize: DiagnosisRule {
  let id = "PXL030"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL008", "PXL009", "PXL013", "PXL033"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let wrong = trace.transfers.filter { transfer in
      guard let size = transfer.size else { return false }
      // A client that made room for the stated size breaks off where more comes.
      let isOver = transfer.state == .aborted && transfer.bytes > size
      return isOver
        || transfer.state == .complete && transfer.missedBlocks == 0
          && transfer.mode != "netascii" && !transfer.isWrite && transfer.bytes != size
          && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = wrong.last, let size = transfer.size else { return [] }
    let amount = transfer.state == .aborted ? "more than \(size)" : "\(transfer.bytes)"
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "\(transfer.file) arrives with \(amount) bytes, although the server "
          + "\(transfer.server) states \(size).",
        evidence: [
          EvidenceItem(
            "tsize \(size), \(transfer.blocks) blocks of \(transfer.blockSize) bytes are "
              + "\(transfer.bytes) bytes", [transfer.packet, transfer.lastPacket])
        ] + evidence.firmwareMessages,
        fix: "Put the file whole into the folder that is served, and do not change it while it is "
          + "loaded; a caching or rewriting TFTP proxy may answer with an old size.")
    ]
  }
}
