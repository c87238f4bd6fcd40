import PXEWire

/// A TLS handshake with the boot server fails.
struct TLSRefused: DiagnosisRule {
  let stage = FaultStage.server
  let consequences = Set<String>.laterAttempts.union(["PXL038"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, trace.looksForBoot else { return [] }
    let refused = trace.httpTransfers.filter { transfer in
      transfer.tlsAlert.map { $0.isFailure } == true
        && !evidence.overcame(.load, after: transfer.lastProgress)
    }
    guard let transfer = refused.last, let alert = transfer.tlsAlert else { return [] }
    let who = transfer.tlsAlertIsFromClient ? "\(trace.mac)" : "The server \(transfer.server)"
    return [
      Finding(
        "PXL039", evidence.severity(), mac: trace.mac,
        title: "\(who) breaks off the TLS handshake with "
          + (transfer.tlsAlertIsFromClient ? "\(transfer.server)" : "\(trace.mac)")
          + ": \(alert.words).",
        evidence: refused.prefix(4).map {
          EvidenceItem(
            "TLS alert \($0.tlsAlert?.words ?? ""), server name "
              + ($0.serverName ?? "not sent"), [$0.packet])
        },
        fix: "Enrol the certificate of the authority that signed the server's certificate into the "
          + "firmware (TlsCaCertificate; pxelab efi enroll), and see that the certificate is valid "
          + "at the machine's clock and names the host of the URL.")
    ]
  }
}

extension TLSAlert {
  /// Its meaning, or its number.
  fileprivate var words: String { meaning ?? "alert \(code)" }
}
