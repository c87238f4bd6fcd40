import Addresses
import Diagnosis
import PXEWire

extension BootRecorder {
  /// What a firmware tried that does not say so on the serial console: the cards that asked for a
  /// boot, and where the system that ran in the end came from. Disks that were tried in vain are not
  /// seen.
  ///
  /// - Parameter isUEFI: whether a card is tried in several ways, each an entry of its own.
  static func bootsByWire(
    console: [ConsoleEvent], wire: [WireEvent], starts: [Timestamp], isUEFI: Bool
  ) -> [BootRecord] {
    let begins: [Timestamp?] = starts.isEmpty ? [nil] : starts
    return begins.enumerated().map { index, begin in
      let end = index + 1 < begins.count ? begins[index + 1] : nil
      func isMeanwhile(_ time: Timestamp) -> Bool {
        begin.map { time >= $0 } ?? true && end.map { time < $0 } ?? true
      }
      let system = console.last {
        [.kernel, .report].contains($0.kind) && isMeanwhile($0.time)
      }
      let events = wire.filter { isMeanwhile($0.time) && $0.time <= system?.time ?? $0.time }
      var attempts = cards(events, isUEFI: isUEFI)
      if let system {
        let isFromCard = system.report.map { !$0.isBootedFromDisk } ?? attempts.last?.hasLoaded
        if isFromCard != true {
          attempts.append(
            BootAttempt(
              description: "Hard Disk", began: attempts.last?.ended, outcome: .started,
              reason: "Linux ran"))
        } else if let last = attempts.indices.last {
          attempts[last].outcome = .started
          attempts[last].ended = nil
          attempts[last].reason += "; Linux ran"
        }
      }
      return BootRecord(began: begin, attempts: attempts, isByWireAlone: true)
    }
  }

  /// An attempt for each card that asked by PXE, HTTP or iPXE, from its first question to the next
  /// card's, and in UEFI to its own next way.
  private static func cards(_ events: [WireEvent], isUEFI: Bool) -> [BootAttempt] {
    var turns: [(mac: MACAddress, way: String, events: [WireEvent])] = []
    for event in events {
      let last = turns.last
      // What was loaded asks again, and that is no other attempt.
      let isOver =
        last?.mac != event.mac
        || (isUEFI && last?.way != event.way && WireSummary(last?.events ?? []).files == nil)
      if event.asksForBoot, isOver {
        turns.append((event.mac, event.way, [event]))
      } else if last?.mac == event.mac {
        turns[turns.count - 1].events.append(event)
      }
    }
    return turns.enumerated().map { index, turn in
      let next = index + 1 < turns.count ? turns[index + 1].events.first?.time : nil
      return BootAttempt(
        description: isUEFI ? "UEFI \(turn.way)" : "ROM", mac: turn.mac,
        began: turn.events.first?.time, ended: next, outcome: next == nil ? .running : .failed,
        reason: WireSummary(turn.events).text ?? WireSummary.nothing)
    }
  }
}

extension BootAttempt {
  fileprivate var hasLoaded: Bool { reason.contains("loaded ") }
}
