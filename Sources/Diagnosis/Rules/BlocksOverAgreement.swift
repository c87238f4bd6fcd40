import PXEWire

/// The server sends blocks that are longer than the size that both agreed on, and the client drops
/// them.
struct BlocksOverAgreement: DiagnosisRule {
  let id = "PXL083"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL008", "PXL013", "PXL030", "PXL031", "PXL032",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let oversized = trace.transfers.filter { transfer in
      transfer.dropsOversizedBlock && !transfer.isNotNeeded
        && (TransferStalled.isStopped(transfer, evidence) || isTriedAgain(transfer, trace))
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = oversized.last, let block = transfer.oversizedBlock,
      let agreed = transfer.expectedBlockSize
    else { return [] }
    let asked = transfer.requestedBlockSize.map { "\($0) asked for" } ?? "no size asked for"
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "The TFTP server \(transfer.server) sends blocks of \(block.count) bytes of "
          + "\(transfer.file), although \(agreed) are agreed.",
        evidence: [
          EvidenceItem(
            "block size \(agreed) agreed, \(asked)"
              + (transfer.agreedBlockSize == nil ? "; the server answers without an OACK" : ""),
            [transfer.packet]),
          EvidenceItem(
            "DATA block \(block.number) has \(block.count) bytes, and the client does not acknowledge "
              + "it", [block.packet]),
        ] + evidence.firmwareMessages,
        fix:
          "Use a TFTP server that keeps to the size of its own answer (RFC 2348; 512 without one), "
          + "or switch its block size option off.")
    ]
  }

  private func isTriedAgain(_ transfer: TFTPTransfer, _ trace: ClientTrace) -> Bool {
    trace.transfers.contains {
      $0.started > transfer.started && ClientTrace.isSame($0.file, transfer.file)
    }
  }
}

extension TFTPTransfer {
  /// Whether a block was longer than agreed, and the client did not take it.
  var dropsOversizedBlock: Bool {
    guard let oversizedBlock, expectedBlockSize != nil else { return false }
    return acknowledgedBlocks < oversizedBlock.number && !isWhole
  }
}
