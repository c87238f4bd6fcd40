import Addresses
import PXEWire

/// What a capture shows: its clients, how far each got, and why no further.
package struct DiagnosisReport: Codable, Hashable, Sendable {
  /// The clients that asked for an address or a file, in the order in which they appeared.
  package let clients: [ClientSummary]
  /// Causes of trouble, most causal first.
  package let findings: [Finding]
  /// What became of the packets.
  package let packets: PacketCounts

  /// How many packets there were.
  package struct PacketCounts: Codable, Hashable, Sendable {
    /// Packets in the capture.
    package var read: Int
    /// Packets of which every layer that is known decodes.
    package var decoded: Int
    /// Packets that are damaged.
    package var malformed: Int

    /// Counts.
    package init(read: Int = 0, decoded: Int = 0, malformed: Int = 0) {
      self.read = read
      self.decoded = decoded
      self.malformed = malformed
    }
  }

  /// Judges every client of a capture.
  ///
  /// - Parameters:
  ///   - trackers: have followed the whole capture, each one network.
  ///   - packets: what became of its packets.
  ///   - begin: when the first packet was captured.
  ///   - end: when the last was.
  ///   - periods: between jumps back in time, if there are any.
  ///   - paths: how far questions got through several captures of one network; `nil` of one.
  ///   - captures: what those are called.
  ///   - knowledge: what is known besides the packets.
  package init(
    judging trackers: [WireTracker], packets: PacketCounts, begin: Timestamp?, end: Timestamp?,
    periods: [ClosedRange<Timestamp>] = [], paths: WirePaths? = nil, captures: [String] = [],
    knowledge: Knowledge = Knowledge()
  ) {
    let networks = trackers.map { tracker in
      Network(
        segment: Segment(
          begin: begin, end: end, periods: periods, clients: tracker.clients,
          traces: tracker.segments.sorted { $0.key < $1.key }.map(\.value),
          hasOnlyDHCP: tracker.hasOnlyDHCP, tunnel: tracker.tunnel),
        traces: tracker.clients.values
          .filter { $0.hasConversation && !$0.isServer(among: tracker.clients) })
    }
    let segments = networks.map(\.segment)
    var judging: [(trace: ClientTrace, segment: Segment)] = []
    for (index, network) in networks.enumerated() {
      let segment = network.segment.beside(segments[..<index] + segments[(index + 1)...])
      judging += network.traces.map { ($0, segment) }
    }
    judging.sort {
      ($0.trace.firstSeen, $0.trace.mac.rawValue) < ($1.trace.firstSeen, $1.trace.mac.rawValue)
    }
    self.packets = packets
    var evidences = judging.map { trace, segment in
      var evidence = Evidence(mac: trace.mac)
      evidence.trace = trace
      evidence.segment = segment
      return evidence
    }
    // A machine that is known and sent nothing is judged too.
    let seen = Set(judging.map(\.trace.mac))
    let silent = knowledge.machines.keys.filter { !seen.contains($0) }
      .sorted { $0.rawValue < $1.rawValue }
    evidences += silent.map { mac in
      var evidence = Evidence(mac: mac)
      evidence.segment = segments.first.map { $0.beside(segments.dropFirst()) } ?? Segment()
      return evidence
    }
    let judged = evidences.map { evidence in
      var evidence = evidence
      evidence.dropped = knowledge.dropped
      evidence.captures = paths.map {
        CaptureSighting(paths: $0.paths(of: evidence.mac), names: captures)
      }
      knowledge.machines[evidence.mac]?.add(to: &evidence)
      return ClientJudgement(evidence)
    }
    clients = zip(judging, judged).map { client, judgement in
      ClientSummary(client.trace, outcome: judgement.outcome, proof: judgement.proof)
    }
    findings = Self.ordered(judged.map(\.findings))
  }

  /// Whether a client looked for something to boot and nothing proves that it booted.
  package var hasFailures: Bool {
    findings.contains { $0.severity == .error }
      || clients.contains { $0.outcome == .failed || $0.outcome == .unknown }
  }

  /// One network of the capture: what it holds besides a machine, and those that are judged.
  private struct Network {
    let segment: Segment
    let traces: [ClientTrace]
  }

  private init(clients: [ClientSummary], findings: [Finding], packets: PacketCounts) {
    self.clients = clients
    self.findings = findings
    self.packets = packets
  }

  /// The same of some clients only, with what concerns none in particular.
  package func concerning(_ isWanted: (MACAddress) -> Bool) -> DiagnosisReport {
    DiagnosisReport(
      clients: clients.filter { isWanted($0.mac) },
      findings: findings.filter { $0.mac.map(isWanted) ?? true }, packets: packets)
  }

  /// What concerns no client in particular once, and of all the worst first, known causes before
  /// unknown ones; of one severity, each client's stay together.
  private static func ordered(_ findings: [[Finding]]) -> [Finding] {
    let unknown = UnexplainedEnd().id
    var seen: Set<Finding> = []
    let once = findings.joined().filter { $0.mac != nil || seen.insert($0).inserted }
    return once.enumerated().sorted { left, right in
      if left.element.severity != right.element.severity {
        return left.element.severity > right.element.severity
      }
      let isKnown = (left.element.id != unknown, right.element.id != unknown)
      return isKnown.0 == isKnown.1 ? left.offset < right.offset : isKnown.0
    }.map(\.element)
  }
}

/// What is known of the machines of a capture besides their packets.
package struct Knowledge: Sendable {
  /// By the address that a machine boots from.
  package var machines: [MACAddress: Machine]
  /// Packets that the capture lost.
  package var dropped: Int

  /// What is known of one machine.
  package struct Machine: Sendable {
    /// What its manifest promises.
    package var expectation: MachineExpectation?
    /// What its console said.
    package var console: [ConsoleEvent]
    /// The probe's reports, one for each restart, oldest first; `nil` where they are the console's.
    package var reports: [GuestReport]?
    /// Its EFI variables.
    package var variables: FirmwareVariables?
    /// The MAC address in the device path of the entry that was booted (BootCurrent).
    package var bootCurrentMAC: MACAddress?
    /// That entry in words.
    package var bootCurrentDescription: String?
    /// The disk that the entry's device path leads to, by its name in the manifest.
    package var bootCurrentDisk: String?
    /// The boots before the last that a report came from, oldest first.
    package var earlierBoots: [Evidence.EarlierBoot] = []
    /// The DHCP servers that the lab runs.
    package var servers: [Evidence.KnownServer] = []
    /// What the servers wrote in their logs of the machine's MAC address, oldest first.
    package var serverLog: [String] = []
    /// What the servers' logs say of requests over TLS; `nil` without such a log.
    package var servedRequests: [ServedRequest]?
    /// Where the manifests have the fields that bear on the boot.
    package var places: [CauseField: ManifestPlace] = [:]

    /// A machine; what is left out is not known.
    package init(
      expectation: MachineExpectation? = nil, console: [ConsoleEvent] = [],
      variables: FirmwareVariables? = nil
    ) {
      self.expectation = expectation
      self.console = console
      self.variables = variables
    }

    /// Puts it into what is known of the machine's boot.
    package func add(to evidence: inout Evidence) {
      evidence.expectation = expectation
      evidence.console = console
      evidence.variables = variables
      // A machine that has not got to its last boot has no report of it.
      let reports = reports ?? console.compactMap(\.report)
      evidence.guest = reports.count >= expectation?.boots ?? 1 ? reports.last : nil
      evidence.bootCurrentMAC = bootCurrentMAC
      evidence.bootCurrentDescription = bootCurrentDescription
      evidence.bootCurrentDisk = bootCurrentDisk
      evidence.earlierBoots = earlierBoots
      evidence.servers = servers
      evidence.serverLog = serverLog
      evidence.servedRequests = servedRequests
      evidence.places = places
    }
  }

  /// Knowledge; by default none.
  package init(machines: [MACAddress: Machine] = [:], dropped: Int = 0) {
    self.machines = machines
    self.dropped = dropped
  }
}
