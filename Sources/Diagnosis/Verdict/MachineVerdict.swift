/// Whether a machine booted as promised, and why not.
package struct MachineVerdict: Codable, Hashable, Sendable {
  /// The machine's name.
  package let name: String
  /// The outcome.
  package let verdict: Verdict
  /// What the three witnesses say.
  package let witnesses: Witnesses
  /// What happened, oldest first.
  package let timeline: [TimelineEntry]
  /// Causes of trouble, causes before consequences.
  package let findings: [Finding]
  /// The id of the finding that must come first, where a lab is broken on purpose.
  package var expectedFinding: String?

  /// Whether it is as expected: it passed, or a lab that is broken on purpose has the finding that
  /// it must have before all others.
  package var isAsExpected: Bool {
    expectedFinding.map { findings.first?.id == $0 } ?? (verdict == .pass)
  }

  /// The outcome.
  package enum Verdict: String, Codable, Hashable, Sendable {
    /// All witnesses hold and agree.
    case pass
    /// Something does not hold, or was not seen.
    case fail
  }

  /// The three witnesses, which know nothing of each other.
  package struct Witnesses: Codable, Hashable, Sendable {
    /// The packets.
    package let wire: Witness<ClientTrace>
    /// The probe inside the guest.
    package let guest: Witness<GuestReport>
    /// The domain and the dataplane.
    package let host: Witness<HostReport>

    /// Whether all three hold.
    package var hold: Bool { wire.holds && guest.holds && host.holds }
  }

  init(
    name: String, verdict: Verdict, witnesses: Witnesses, timeline: [TimelineEntry],
    findings: [Finding]
  ) {
    self.name = name
    self.verdict = verdict
    self.witnesses = witnesses
    self.timeline = timeline
    self.findings = findings
  }

  /// The verdict on a machine that did not run, of which no witness can be asked.
  init(
    name: String, missing: String, finding: Finding, places: [CauseField: ManifestPlace] = [:]
  ) {
    self.init(
      name: name, verdict: .fail,
      witnesses: Witnesses(
        wire: Witness(missing: missing), guest: Witness(missing: missing),
        host: Witness(missing: missing)),
      timeline: [], findings: [finding.located(by: places)])
  }

  /// Judges evidence. Without an expectation no witness can be asked. Passes only if every check of every witness holds and no rule finds an error.
  package init(judging evidence: Evidence, rules: [any DiagnosisRule] = DiagnosisRules.all) {
    let witnesses = Witnesses(
      wire: WireWitness.witness(in: evidence), guest: GuestWitness.witness(in: evidence),
      host: HostWitness.witness(in: evidence))
    var findings = DiagnosisRules.findings(in: evidence, rules: rules)
    if witnesses.hold {
      let isOfDisk = evidence.expectation?.disk != nil
      // The network was tried in vain, and the disk has booted as it should; or a program of the lab's
      // failed, and was back in time.
      findings = findings.map { finding in
        isOfDisk || finding.id == LabProgramFailed().id ? finding.asInformation : finding
      }
    }
    if !findings.contains(where: { $0.severity == .error }) {
      findings += FailedCheck().findings(in: witnesses, mac: evidence.mac)
    }
    findings = findings.map { $0.located(by: evidence.places) }
    let hasErrors = findings.contains { $0.severity == .error }
    name = evidence.expectation?.name ?? "\(evidence.mac)"
    verdict = witnesses.hold && !hasErrors ? .pass : .fail
    self.witnesses = witnesses
    timeline = TimelineEntry.merged(evidence.events, evidence.console)
    self.findings = findings
  }
}
