import Addresses
import PXEWire

/// The answers to a TFTP request come from another address than the one asked, and the client does not
/// listen to them.
struct AnswerFromElsewhere: DiagnosisRule {
  let id = "PXL080"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL007", "PXL008", "PXL028", "PXL029", "PXL032", "PXL081", "PXL082",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let unheard = trace.transfers.filter { transfer in
      transfer.otherAnswerer != nil && transfer.acknowledgments == 0 && !transfer.isWhole
        && transfer.state != .sizeOnly && !transfer.errorIsFromClient && !transfer.isNotNeeded
        && isUnheard(transfer, trace)
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = unheard.last, let other = transfer.otherAnswerer else { return [] }
    let refusals = unheard.flatMap { trace.refusals(of: $0) }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "\(trace.mac) asks \(transfer.server) for \(transfer.file), and the answers come from "
          + "\(other), which it does not listen to.",
        evidence: [
          EvidenceItem(
            "\(trace.requests(of: transfer)) TFTP requests for \(transfer.file) to "
              + "\(transfer.server)", unheard.prefix(6).map(\.packet)),
          EvidenceItem("the answers are from \(other)", [transfer.lastPacket]),
        ] + refusals.items + evidence.firmwareMessages,
        fix: "Let the TFTP server answer from \(transfer.server): bind it to that address, or give "
          + "\(other) by DHCP (next server). Of a server in a container or behind NAT, use the "
          + "host's network or load the connection tracking helper for TFTP (nf_conntrack_tftp).")
    ]
  }

  /// Whether the client shows that it hears nothing: it refuses the answers, or asks again.
  private func isUnheard(_ transfer: TFTPTransfer, _ trace: ClientTrace) -> Bool {
    transfer.repeatedRequests > 0 || !trace.refusals(of: transfer).isEmpty
      || trace.transfers.contains {
        $0.started > transfer.started && ClientTrace.isSame($0.file, transfer.file)
          && $0.server == transfer.server
      }
  }
}
