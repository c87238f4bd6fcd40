import Addresses
import PXEWire

/// The rounds of a client's firmware that are over: it gave up, and began again.
///
/// What such a round proved stays proved while a later one is under way; only success lifts it.
struct FinishedRounds {
  /// Seconds of silence before a beginning that make what was before it a finished round.
  private static let pause = 3.0
  /// How many rounds are judged by themselves, the newest ones.
  private static let limit = 8

  /// Seconds within which firmware whose program ran in vain begins anew; whoever restarts a machine
  /// that booted takes longer.
  private static let haste = 120.0

  /// When the rounds ended: the beginnings of the ones after them.
  let ends: [Timestamp]
  /// The last act of each.
  private let acts: [BootAct?]

  /// The rounds in a capture; none where there is no file, whose end would be known.
  init(in evidence: Evidence) {
    guard let trace = evidence.trace, evidence.segment.isFile, trace.looksForBoot else {
      (ends, acts) = ([], [])
      return
    }
    let times = trace.bootTimes.sorted()
    var ends: [Timestamp] = []
    var next = times.startIndex
    for beginning in trace.firmwareBeginnings.sorted() {
      while next < times.endIndex, times[next] < beginning { next += 1 }
      guard next > times.startIndex, beginning.seconds(since: times[next - 1]) >= Self.pause else {
        continue
      }
      ends.append(beginning)
    }
    self.ends = ends.suffix(Self.limit)
    acts = self.ends.map { trace.until($0).lastBootAct }
  }

  /// Whether a program came whole again and again, and each time the firmware soon began anew: what
  /// came did not boot.
  var isLoop: Bool {
    zip(ends, acts).count { end, act in
      act.map { $0.state == .loaded && end.seconds(since: $0.packet.time) < Self.haste } ?? false
    } >= 2
  }

  /// Findings with what finished rounds proved.
  ///
  /// - Parameters:
  ///   - findings: of the whole evidence.
  ///   - evidence: that evidence, of a file.
  func add(to findings: [Finding], of evidence: Evidence) -> [Finding] {
    var all = findings
    for end in ends.reversed() {
      let round = evidence.until(end)
      for finding in DiagnosisRules.findings(in: round)
      where finding.severity == .error && finding.mac == evidence.mac
        && !DiagnosisRules.isLifted(finding, by: evidence, after: end)
      {
        if let known = all.firstIndex(where: { $0.id == finding.id && $0.mac == finding.mac }) {
          if all[known].severity < .error { all[known] = finding }
        } else if !all.contains(where: { $0.explains(finding) }) {
          all.append(finding)
        }
      }
    }
    return ends.isEmpty ? findings : DiagnosisRules.ordered(all)
  }

  /// The last act of the newest round that ended in vain, and when the firmware began anew: the client
  /// was answered and gave up all the same, or what it loaded did not boot.
  var unsuccessful: (act: BootAct, again: Timestamp)? {
    zip(acts, ends).reversed().lazy.compactMap { act, end in act.map { ($0, end) } }
      .first { $0.0.state != .asking && ($0.0.state != .loaded || isLoop) }
  }

  /// The proof that the client booted in a round that is over; `nil` when it did in none.
  func proof(in evidence: Evidence) -> BootProof? {
    ends.reversed().lazy.compactMap { BootProof(evidence.until($0), isLoop: isLoop) }.first
  }
}

extension ClientTrace {
  /// When the firmware began to look for something to boot.
  fileprivate var firmwareBeginnings: [Timestamp] {
    let firmware: Set<BootAgent> = [.firmware, .httpFirmware]
    let beginnings = exchanges.filter { firmware.contains($0.agent) && !$0.isBootServerDiscovery }
    return beginnings.map(\.started)
      + exchangesV6.filter { firmware.contains($0.agent) && $0.solicits > 0 }.map(\.started)
  }

  /// When the client, or somebody to it, did anything that bears on booting.
  fileprivate var bootTimes: [Timestamp] {
    var times: [Timestamp] = []
    for exchange in exchanges {
      times += exchange.clientMessages.map(\.packet.time)
      times += (exchange.offers + exchange.acks + exchange.naks).map(\.time)
    }
    for exchange in exchangesV6 {
      times += exchange.clientMessages.map(\.packet.time)
      times += (exchange.advertises + exchange.replies).map(\.time)
    }
    times += transfers.map(\.lastProgress)
    times += httpTransfers.map(\.lastProgress)
    return times
  }
}

extension DiagnosisRules {
  /// Whether the client got so much further after a moment that a finding before it matters no more.
  fileprivate static func isLifted(
    _ finding: Finding, by evidence: Evidence, after time: Timestamp
  ) -> Bool {
    switch all.first(where: { $0.id == finding.id })?.stage {
    case .discover, .offer, .machine: evidence.overcame(.lease, after: time)
    case .lease: evidence.overcame(.request, after: time)
    case .server, .transfer: evidence.overcame(.load, after: time)
    case .program, .loader, .system: evidence.overcame(.run, after: time)
    // What concerns the capture is judged over all of it.
    case .witness, .capture, nil: true
    }
  }
}

extension Finding {
  /// Whether another finding is known as a consequence of this one.
  fileprivate func explains(_ other: Finding) -> Bool {
    (consequences ?? []).contains { $0.id == other.id || $0.explains(other) }
  }
}

extension Evidence {
  /// What was known at a moment.
  fileprivate func until(_ time: Timestamp) -> Evidence {
    var earlier = self
    earlier.trace = trace?.until(time)
    earlier.events = events.filter { $0.time < time }
    earlier.console = console.filter { $0.time < time }
    earlier.segment = segment.until(time)
    return earlier
  }
}

extension ClientTrace {
  /// What had come before a moment.
  fileprivate func until(_ time: Timestamp) -> ClientTrace {
    var earlier = self
    earlier.exchanges = exchanges.filter { $0.started < time }.map { $0.until(time) }
    earlier.exchangesV6 = exchangesV6.filter { $0.started < time }
    earlier.transfers = transfers.filter { $0.started < time }
    earlier.httpTransfers = httpTransfers.filter { $0.started < time }
    earlier.nameQueries = nameQueries.filter { $0.packet.time < time }
    earlier.unansweredARP = unansweredARP.filter { $0.since < time }
    earlier.unansweredNeighbors = unansweredNeighbors.filter { $0.since < time }
    earlier.deliveryFailures = deliveryFailures.filter { $0.packet.time < time }
    earlier.iscsiSessions = iscsiSessions.filter { $0.started < time }
    if storage.firstSent.map({ $0.time >= time }) ?? false { earlier.storage = StorageFrames() }
    return earlier
  }
}

extension DHCPExchange {
  /// The same as it was at a moment: some firmware has one xid for all its rounds.
  fileprivate func until(_ time: Timestamp) -> DHCPExchange {
    guard clientMessages.last.map({ $0.packet.time >= time }) ?? false else { return self }
    var earlier = self
    earlier.clientMessages = clientMessages.filter { $0.packet.time < time }
    earlier.offers = offers.filter { $0.time < time }
    earlier.acks = acks.filter { $0.time < time }
    earlier.naks = naks.filter { $0.time < time }
    earlier.discovers = earlier.packets(of: "DISCOVER").count
    earlier.lastDiscover = earlier.packets(of: "DISCOVER").last?.time
    earlier.requests = earlier.packets(of: "REQUEST").count
    return earlier
  }
}
