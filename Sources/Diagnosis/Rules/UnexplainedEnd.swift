import PXEWire

/// A client looked for something to boot, nothing proves that it booted, and no rule knows why not.
/// Found of a whole capture only, once all rules have been asked.
struct UnexplainedEnd: FindingKind {
  let id = "PXL097"

  /// Findings with the one that says how the client's way ended.
  ///
  /// A finding that mattered little while the client went on, and is about its last act, is the cause
  /// when nothing came after that.
  ///
  /// - Parameter hasBooted: whether the client booted earlier in the capture.
  func add(
    to findings: [Finding], in evidence: Evidence, _ rounds: FinishedRounds, hasBooted: Bool
  ) -> [Finding] {
    guard let end = BootAttemptEnd(evidence, rounds, hasBooted: hasBooted) else { return findings }
    var findings = findings
    // A suspicion says more than that a capture ends.
    let isSuspected = findings.contains { $0.severity == .warning && $0.mac == evidence.mac }
    guard end.severity == .error || !isSuspected else { return findings }
    if end.severity == .error, let suspect = findings.firstIndex(where: end.isSuspect) {
      findings[suspect] = findings[suspect].with(.error)
    } else {
      findings.append(finding(end, evidence))
    }
    return findings
  }

  private func finding(_ end: BootAttemptEnd, _ evidence: Evidence) -> Finding {
    let last = end.act
    return Finding(
      id, end.severity, mac: evidence.mac,
      title: "\(evidence.mac) did not get further and the cause is not known: its last act was "
        + "\(last.text)\(end.after).",
      evidence: [EvidenceItem(last.text, [last.packet])] + evidence.lastWords, fix: end.advice)
  }
}

/// Where a client's way ended without a proof that it booted.
private struct BootAttemptEnd {
  /// The last thing that it did or was told.
  let act: BootAct
  /// What came after it, in words.
  let after: String
  let severity: Finding.Severity
  let advice: String

  init?(_ evidence: Evidence, _ rounds: FinishedRounds, hasBooted: Bool) {
    guard let trace = evidence.trace, let last = trace.lastBootAct else { return nil }
    // What follows a lease is not in a capture that was filtered to DHCP.
    func isHidden(_ act: BootAct) -> Bool { evidence.segment.hasOnlyDHCP && act.state == .granted }
    if !hasBooted, !evidence.isBlind, let (act, again) = rounds.unsuccessful, !isHidden(act) {
      self.act = act
      after =
        ", and \(Quantity.seconds(again.seconds(since: act.packet.time))) later its firmware began anew"
      // What came may be a menu that somebody leaves again and again.
      severity = evidence.dropped > 0 || act.state == .loaded ? .warning : .error
      advice =
        act.state == .loaded
        ? "What it loaded did not boot: look at the console for what that program says."
        : "It was answered and gave up: look at the console for what it says, and at the server's log."
      return
    }
    act = last
    let silence = evidence.segment.seconds(after: last.packet.time)
    after = silence.isFinite ? ", \(Quantity.seconds(silence)) before the end of the capture" : ""
    if evidence.isBlind || isHidden(last) {
      severity = .info
      advice = "Capture both directions and all ports at one of the client's ports."
    } else if evidence.dropped > 0 {
      severity = .warning
      advice = "The capture lost packets: record it again with less load."
    } else if evidence.seconds(after: last.packet.time) >= last.patience {
      severity = .error
      advice =
        "Look at the console for where the machine stands, and at its server's log of that time."
    } else {
      severity = hasBooted ? .info : .warning
      advice = "Capture longer: the boot was under way when the capture ended."
    }
  }

  /// Whether a finding is about the last act, and mattered little as long as the client went on.
  func isSuspect(_ finding: Finding) -> Bool {
    finding.severity == .info
      && finding.evidence.contains { item in
        (item.packets ?? []).contains { $0.number == act.packet.frame }
      }
  }
}

extension Evidence {
  /// Whether the capture lacks what the client was answered: it has no frame to the client alone
  /// although that goes on, or of all transfers nothing but the requests.
  fileprivate var isBlind: Bool {
    guard let trace, let progress else { return false }
    let goesOn =
      !progress.requests.isEmpty || !trace.unansweredARP.isEmpty
      || trace.exchanges.contains { $0.requests > 0 && $0.isUnanswered }
    let hasNoData =
      !progress.runs.isEmpty && trace.transfers.allSatisfy { $0.blocks == 0 }
      && trace.httpTransfers.allSatisfy { $0.bytes == 0 }
    // TFTP answers come from other ports than 69, by which captures are filtered; a client without
    // them would ask again.
    let isFiltered =
      !trace.transfers.isEmpty && trace.httpTransfers.isEmpty
      && trace.transfers.allSatisfy { $0.serverPort == nil && $0.repeatedRequests == 0 }
    return (trace.framesReceived == 0 && goesOn) || hasNoData || isFiltered
  }
}
