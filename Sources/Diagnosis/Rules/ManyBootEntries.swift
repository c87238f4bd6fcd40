import PXEWire

/// The firmware tries one card by IPv4 and IPv6, by PXE and HTTP, one after the other, and boots
/// from its disk only then.
struct ManyBootEntries: DiagnosisRule {
  let id = "PXL036"
  let stage = FaultStage.witness
  let isLaterAttempt = true

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, let progress = evidence.progress, progress.loads.isEmpty
    else { return [] }
    let rounds =
      trace.exchanges.filter {
        ($0.agent == .firmware || $0.agent == .httpFirmware) && $0.acks.isEmpty
          && !isUnderWay($0.offers.last?.time, evidence)
      }
      .map {
        (
          $0.agent == .firmware ? "PXE over IPv4" : "HTTP over IPv4", $0.started,
          $0.packets(of: "DISCOVER")
        )
      }
      + trace.exchangesV6.filter {
        ($0.agent == .firmware || $0.agent == .httpFirmware) && $0.replies.isEmpty
          && !isUnderWay($0.advertises.last?.time, evidence)
      }
      .map {
        (
          $0.agent == .firmware ? "PXE over IPv6" : "HTTP over IPv6", $0.started,
          $0.clientMessages.map(\.packet)
        )
      }
    var kinds: [String] = []
    for round in rounds.sorted(by: { $0.1 < $1.1 }) where !kinds.contains(round.0) {
      kinds.append(round.0)
    }
    let times = rounds.flatMap { $0.2.map(\.time) }
    guard kinds.count > 1, kinds.contains(where: { $0.hasSuffix("IPv6") }),
      let first = times.min(), let last = times.max(), last.seconds(since: first) >= 20
    else { return [] }
    let order = evidence.variables?.bootOrder.map { order in
      EvidenceItem(
        "BootOrder: "
          + order.map { evidence.variables?.entry($0)?.description ?? "\($0)" }
          .joined(separator: ", "), variable: "BootOrder")
    }
    return [
      Finding(
        id, .warning, mac: trace.mac,
        title: "The firmware spends \(Quantity.seconds(last.seconds(since: first))) on "
          + "\(kinds.count) ways to boot from this card, none of which gets a boot file: "
          + kinds.joined(separator: ", ") + ".",
        evidence: rounds.map { EvidenceItem($0.0, $0.2) } + [order].compactMap { $0 },
        fix:
          "Serve one of them, or put the disk first (bootOrder), or take the entries that are not "
          + "served out of the boot order: one bootOrder of an interface stands for all four. Kernel "
          + "or firmware settings without IPv6 (opt/org.tianocore/IPv6PXESupport=n) shorten it.")
    ]
  }

  /// Whether the capture ends soon after an offer, so that this way may yet lead somewhere.
  private func isUnderWay(_ offer: Timestamp?, _ evidence: Evidence) -> Bool {
    offer.map { evidence.seconds(after: $0) < 10 } ?? false
  }
}
