/// What a whole capture says of one client: no client that asked is let go without a proof that it
/// booted, a finding that says why not, or the plain word that the cause is not known.
struct ClientJudgement {
  /// Causes of trouble, most causal first.
  let findings: [Finding]
  /// How its boot ended; `nil` of a host that did not look for something to boot.
  let outcome: ClientOutcome?
  /// What proves that it booted.
  let proof: String?

  init(_ evidence: Evidence) {
    let rounds = FinishedRounds(in: evidence)
    var findings = rounds.add(to: DiagnosisRules.findings(in: evidence), of: evidence)
    let unknown = UnexplainedEnd()
    func isFailed() -> Bool {
      findings.contains {
        $0.severity == .error && $0.mac == evidence.mac && $0.id != unknown.id
      }
    }
    var proof = BootProof(evidence, isLoop: rounds.isLoop)
    if !isFailed(), let error = FirmwareGaveUp().finding(in: evidence, hasProof: proof != nil) {
      findings.append(error)
    }
    if proof == nil, !isFailed(), evidence.looksForBoot {
      proof = rounds.proof(in: evidence)
      findings = unknown.add(to: findings, in: evidence, rounds, hasBooted: proof != nil)
    }
    // Whoever booted before and does not get further now has not booted, as far as is known.
    let isOver = findings.contains { $0.id == unknown.id && $0.severity == .error }
    if isFailed() {
      outcome = .failed
    } else if evidence.looksForBoot {
      outcome = proof == nil || isOver ? .unknown : .booted
    } else {
      outcome = nil
    }
    self.proof = outcome == .booted ? proof?.text : nil
    self.findings = DiagnosisRules.ordered(findings).map { $0.adding(evidence.tunnels) }
  }
}

extension Evidence {
  /// Whether it is a client that is to boot over the network, as far as the packets show.
  fileprivate var looksForBoot: Bool {
    guard let trace else { return false }
    // Where DHCP was not captured, a file asked for by TFTP stands for it.
    return trace.looksForBoot || (!trace.hasExchanges && !trace.transfers.isEmpty)
  }
}
