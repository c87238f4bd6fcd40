import PXEWire

/// A transfer got no answer, or began and stopped.
struct TransferStalled: DiagnosisRule {
  let id = "PXL008"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.mtu, .serverCommand]
  let consequences: Consequences = .laterAttempts(and: ["PXL013"])
  /// Seconds of silence after which a transfer has stopped; TFTP sends again after one to five. A lab
  /// waits for no more than that.
  private static func patience(_ evidence: Evidence) -> Double {
    evidence.segment.isFile ? 6.5 : 5
  }

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let stopped = trace.transfers.enumerated().filter { index, transfer in
      !trace.transfers[(index + 1)...].contains { ClientTrace.isSame($0.file, transfer.file) }
        && Self.isStopped(transfer, evidence)
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }.map(\.element)
    guard let transfer = stopped.last else { return [] }
    return [finding(transfer, trace, evidence)]
  }

  /// Whether a transfer ended without an end, judged by the capture's own clock.
  static func isStopped(_ transfer: TFTPTransfer, _ evidence: Evidence) -> Bool {
    if transfer.isUnseenWhole || transfer.isNotNeeded || transfer.isWrite { return false }
    if transfer.state == .aborted { return true }
    guard transfer.isOpen else { return false }
    let silence = evidence.seconds(after: transfer.lastProgress)
    // Where the blocks are not in the capture the end is not either, nor, where the request is not,
    // what the last block would be: only who repeats itself waits.
    if (transfer.blocks == 0 && transfer.acknowledgedBlocks > 0) || transfer.beganBefore {
      return transfer.repeatsSinceProgress > 2 && silence >= 3
    }
    if transfer.isUnanswered {
      // Whoever hears nothing asks again. Whoever does not has its answers outside of the capture,
      // which may be one of the ports 67 to 69 only.
      return transfer.repeatedRequests > 0 && silence >= 1
    }
    // A capture that lacks blocks may lack the end too: then whoever waits has to be seen waiting.
    let isLossy = evidence.trace?.transfers.contains { $0.missedBlocks > 0 } ?? false
    return silence >= patience(evidence) && (!isLossy || transfer.repeatsSinceProgress > 0)
  }

  private func finding(
    _ transfer: TFTPTransfer, _ trace: ClientTrace, _ evidence: Evidence
  ) -> Finding {
    let title: String
    let fix: String
    let file = transfer.beganBefore ? "a file asked for before the capture" : transfer.file
    if transfer.state == .aborted {
      let words = transfer.errorMessage.flatMap { $0.isEmpty ? nil : $0 }
      title =
        "\(trace.mac) broke the transfer of \(file) off"
        + (words ?? transfer.errorCode?.meaning).map { ": \($0)." }.orEmpty(else: ".")
      fix =
        "The client does not want what it gets: the file may be too large for it, or its options "
        + "(block size, size) be answered in a way that it does not take."
    } else if transfer.isUnanswered {
      title = "The boot server \(transfer.server) does not answer the request for \(transfer.file)."
      fix =
        "The request was sent and nothing came back: see that the TFTP server runs at "
        + "\(transfer.server) and that no filter drops its replies, which come from another port."
    } else {
      let place =
        transfer.blocks == 0 && transfer.acknowledgedBlocks > 0
        ? "after block \(transfer.acknowledgedBlocks)"
        : "at \(WireTracker.progress(of: transfer))"
      title = "The transfer of \(file) stalled \(place)" + Self.silence(of: transfer, trace)
      fix = Self.fix(transfer)
    }
    let asked =
      transfer.beganBefore
      ? "the first packet captured of \(file), from \(transfer.server)"
      : "request for \(file) to \(transfer.server)"
    return Finding(
      id, evidence.severityOfTransfer(absence: true), mac: trace.mac, title: title,
      evidence: [
        EvidenceItem(
          transfer.repeatedRequests == 0
            ? asked : "\(asked), sent again \(transfer.repeatedRequests) times", [transfer.packet]),
        EvidenceItem(
          "\(transfer.blocks) blocks of \(transfer.blockSize) bytes, "
            + "\(transfer.repeatedBlocks) sent again, then nothing", [transfer.lastPacket]),
      ]
        + trace.deliveryFailures.filter { $0.packet.time >= transfer.started }.prefix(3).map {
          EvidenceItem(
            "ICMP from \($0.reporter): \($0.meaning), about a packet to \($0.destination)",
            [$0.packet])
        } + evidence.firmwareMessages, fix: fix)
  }
}

extension TransferStalled {
  /// Who fell silent, as far as the repetitions of the other show it.
  private static func silence(of transfer: TFTPTransfer, _ trace: ClientTrace) -> String {
    if transfer.isUnacknowledged {
      return ": \(trace.mac) does not acknowledge block \(transfer.lastBlock), which "
        + "\(transfer.server) sent \(1 + transfer.repeatedBlocksSinceProgress) times."
    }
    if transfer.isUnsent {
      return ": \(transfer.server) sends nothing after block \(transfer.acknowledgedBlocks), which "
        + "\(trace.mac) acknowledged \(1 + transfer.repeatedAcknowledgmentsSinceProgress) times."
    }
    return "."
  }

  private static func fix(_ transfer: TFTPTransfer) -> String {
    if transfer.isUnacknowledged, transfer.acknowledgedBlocks > 0 {
      return
        "Look at the client's console: it hangs, was reset, or has no memory left for the file. If it "
        + "still asks, its packets no longer reach the server: compare captures at both ends."
    }
    if transfer.isUnsent {
      return "Look at the server and its log: it stopped, or the acknowledgments do not reach it. "
        + "Else compare the path's MTU with the block size, and look for lost packets at the ports."
    }
    return "Compare the path's MTU with the block size, and look for lost packets at the ports."
  }
}

extension TFTPTransfer {
  /// Whether the server repeats the last block and the client says nothing.
  fileprivate var isUnacknowledged: Bool {
    repeatedBlocksSinceProgress > 0 && repeatedAcknowledgmentsSinceProgress == 0
      && lastBlock > acknowledgedBlocks && missedBlocks == 0
      // Where a transfer goes on without any, the acknowledgments are not in the capture.
      && (acknowledgments > 0 || blocks <= windowSize)
  }

  /// Whether the client repeats its last acknowledgment and the server says nothing.
  fileprivate var isUnsent: Bool {
    repeatedAcknowledgmentsSinceProgress > 0 && repeatedBlocksSinceProgress == 0
      && acknowledgedBlocks >= lastBlock && acknowledgedBlocks > 0 && missedBlocks == 0
  }
}

extension String? {
  fileprivate func orEmpty(else other: String) -> String { self ?? other }
}
