import PXEWire

/// The HTTP boot server does not accept a connection, or breaks it off.
struct HTTPUnreachable: DiagnosisRule {
  let id = "PXL038"
  let stage = FaultStage.server
  let consequences: Consequences = .laterAttempts(and: ["PXL013"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let failed = trace.httpTransfers.filter { transfer in
      guard transfer.isBoot(in: trace), transfer.tlsAlert == nil,
        // It does answer: what it says first is missing, or stands before the question.
        transfer.unreadBytes == 0,
        !evidence.overcame(.load, after: transfer.lastProgress)
      else { return false }
      switch transfer.state {
      case .refused: return !goesOn(after: transfer, trace, evidence)
      case .connecting:
        return transfer.connectionAttempts > 1
          && evidence.seconds(after: transfer.lastProgress) >= 1
          && !goesOn(after: transfer, trace, evidence)
      // How much is to come over TLS is not to be seen.
      case .running where transfer.isTLS: return false
      case .requested, .running:
        // Without the server's frames nobody can say whether it answered.
        return trace.framesReceived > 0 && evidence.seconds(after: transfer.lastProgress) >= 10
          && !transfer.isAtEnd
      case .aborted where trace.framesReceived == 0: return false
      // How much the server sent is known.
      case .aborted where transfer.isCutShort: return false
      case .aborted:
        return transfer.contentLength.map {
          transfer.bytes < $0 && (!transfer.isAtEnd || transfer.hasWaited)
        }
          ?? !transfer.isTLS
      case .connected, .complete, .failed: return false
      }
    }
    guard let transfer = failed.last else { return [] }
    let failures = trace.deliveryFailures.filter { $0.destination == transfer.server }
    let title: String
    switch transfer.state {
    case .refused:
      title = "The HTTP server \(transfer.server) refuses connections on port \(transfer.port)."
    case .connecting:
      title = "The HTTP server \(transfer.server) does not answer on port \(transfer.port)."
    default:
      title =
        "The HTTP transfer of \(transfer.url) stopped at "
        + (transfer.contentLength.map { "\(transfer.bytes) of \($0) bytes." }
          ?? "\(Quantity.bytes(transfer.bytes)).")
    }
    return [
      Finding(
        id, evidence.severity(absence: transfer.state == .connecting), mac: trace.mac,
        title: title,
        evidence: failed.prefix(4).map {
          EvidenceItem(
            "\($0.connectionAttempts) SYN to \($0.server) port \($0.port), \($0.state.rawValue)",
            [$0.packet])
        }
          + failures.prefix(3).map {
            EvidenceItem("ICMP from \($0.reporter): \($0.meaning)", [$0.packet])
          },
        fix: transfer.state == .refused || transfer.state == .connecting
          ? "Start the web server on port \(transfer.port) of \(transfer.server), open the port, or "
            + "correct the URL that DHCP gives."
          : "Look at the web server's log and at the path: large segments may exceed its MTU.")
    ]
  }

  /// Whether the capture ends while the client talks to a server that did accept it.
  private func goesOn(
    after transfer: HTTPTransfer, _ trace: ClientTrace, _ evidence: Evidence
  ) -> Bool {
    trace.httpTransfers.contains {
      $0.started > transfer.lastProgress && ($0.state == .requested || $0.state == .running)
        && evidence.seconds(after: $0.lastProgress) < 10
    }
  }
}

extension HTTPTransfer {
  /// Whether the client waited for more before it reset the connection; one that starts what it has
  /// loaded does so at once.
  fileprivate var hasWaited: Bool { resetByClient == true && (silenceBeforeReset ?? 0) >= 5 }
}
