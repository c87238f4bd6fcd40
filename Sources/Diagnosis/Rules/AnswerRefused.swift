import Addresses
import PXEWire

/// The client says by ICMP that nobody waits for the TFTP server's answers: they reach another port
/// than the request came from, or the program that asked is gone.
struct AnswerRefused: DiagnosisRule {
  let id = "PXL081"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: [
    "PXL008", "PXL028", "PXL031", "PXL032", "PXL082", "PXL083",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let refused = trace.transfers.filter { transfer in
      transfer.isOpen && !transfer.isUnseenWhole && transfer.otherAnswerer == nil
        && !transfer.isWrite && !transfer.isNotNeeded
        && isRefused(transfer, trace, evidence)
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = refused.last else { return [] }
    let refusals = refused.flatMap { trace.refusals(of: $0) }
    let meaning = refusals.first?.meaning ?? "port unreachable"
    let isAtStart = transfer.acknowledgments == 0
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "\(trace.mac) refuses what \(transfer.server) sends of \(transfer.file): its ICMP says "
          + "\(meaning), port \(transfer.clientPort).",
        evidence: [
          EvidenceItem(
            "\(trace.requests(of: transfer)) TFTP requests for \(transfer.file) from port "
              + "\(transfer.clientPort) to \(transfer.server)", [transfer.packet]),
          EvidenceItem(
            "the last answer of \(transfer.server), \(transfer.acknowledgments) acknowledged",
            [transfer.lastPacket]),
        ] + refusals.items + evidence.firmwareMessages,
        fix: isAtStart
          ? "The answer reaches a port that does not wait for it: look for a NAT or a filter between "
            + "the two that rewrites ports (the request's source port on the client's side and on "
            + "the server's side must be one), and take it out of the path or load its helper for "
            + "TFTP."
          : "The program that loaded the file gave it up in the middle: look at the client's console "
            + "for its reason, such as memory that does not suffice or a reset.")
    ]
  }

  /// Once may be chance: the client's last words on a transfer that it began anew.
  private func isRefused(
    _ transfer: TFTPTransfer, _ trace: ClientTrace, _ evidence: Evidence
  ) -> Bool {
    let refusals = trace.refusals(of: transfer)
    guard let last = refusals.last else { return false }
    let all = trace.transfers.filter { ClientTrace.isSame($0.file, transfer.file) }
      .reduce(0) { $0 + trace.refusals(of: $1).count }
    return all > 1 || evidence.seconds(after: last.packet.time) >= 4
  }
}

extension ClientTrace {
  /// Requests for a transfer's file to its server, each time that one was sent.
  func requests(of transfer: TFTPTransfer) -> Int {
    transfers.reduce(0) { sum, other in
      other.file == transfer.file && other.server == transfer.server && other.state != .sizeOnly
        ? sum + 1 + other.repeatedRequests : sum
    }
  }

  /// The client's ICMP errors about what was sent to it of a transfer.
  func refusals(of transfer: TFTPTransfer) -> [DeliveryFailure] {
    deliveryFailures.filter {
      $0.isFromClient && $0.protocolNumber == 17 && $0.meaning.contains("port unreachable")
        && $0.destination == transfer.client && $0.destinationPort == transfer.clientPort
        && ($0.source == transfer.server || $0.source == transfer.otherAnswerer)
        && $0.packet.time >= transfer.started
    }
  }
}

extension [DeliveryFailure] {
  /// The errors as evidence: the first, and how many there are.
  var items: [EvidenceItem] {
    guard let first else { return [] }
    let port = first.destinationPort.map { " (port \($0))" } ?? ""
    return [
      EvidenceItem(
        "\(count) ICMP from \(first.reporter): \(first.meaning)\(port), about packets of "
          + "\(first.source)", prefix(6).map(\.packet))
    ]
  }
}
