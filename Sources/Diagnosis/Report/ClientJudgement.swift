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
    var findings = FinishedRounds.add(to: DiagnosisRules.findings(in: evidence), of: evidence)
    let own = findings.filter { $0.mac == evidence.mac }
    // A proof of packets says that files came; what they did then, the console knows.
    if !own.contains(where: { $0.severity == .error }),
      let error = FirmwareGaveUp().finding(in: evidence)
    {
      findings.append(error)
    }
    func isFailed() -> Bool {
      findings.contains {
        $0.severity == .error && $0.mac == evidence.mac && $0.id != UnexplainedEnd().id
      }
    }
    var proof = BootProof(evidence)
    if proof == nil, !isFailed(), evidence.looksForBoot {
      proof = FinishedRounds.proof(in: evidence)
      if !own.contains(where: { $0.severity == .warning }) {
        findings = UnexplainedEnd().add(to: findings, in: evidence, hasBooted: proof != nil)
      }
    }
    if isFailed() {
      outcome = .failed
    } else if evidence.looksForBoot {
      outcome = proof == nil ? .unknown : .booted
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
