import Addresses
import PXEWire

extension Evidence {
  /// Where a field of the manifests is, if it is known.
  func place(_ field: CauseField) -> ManifestPlace? { places[field] }

  /// Whether the console shows that the firmware knows the machine's card as something to boot from.
  var triesNetwork: Bool {
    if !console(.startPXE, .startHTTP).isEmpty { return true }
    return console(.entryFailed, .loadingEntry, .startingEntry, .refused).contains(where: isOfCard)
  }

  /// How long the client was watched after a moment, in seconds: without end when its firmware says
  /// later that a boot entry of this card failed, for then it waited as long as it ever does.
  func seconds(after time: Timestamp) -> Double {
    let hasGivenUp = console(.entryFailed).contains { $0.time > time && isOfCard($0) }
    return hasGivenUp ? .infinity : segment.seconds(after: time)
  }

  /// Whether the client had the time to go on after an answer: it asks anew, or the capture goes on for
  /// longer than firmware waits (4 s).
  func hadTime(after time: Timestamp) -> Bool {
    seconds(after: time) >= 4
      || trace?.exchanges.contains { $0.started > time } == true
      || trace?.exchangesV6.contains { $0.started > time } == true
  }

  /// Whether a line has the card in the device path of a boot entry (UEFI 2.10 section 10.3.5.11).
  private func isOfCard(_ event: ConsoleEvent) -> Bool {
    event.text.contains("MAC(" + mac.description.filter { $0 != ":" }.uppercased())
  }

  /// The last line of the console that says how far the boot is.
  var lastWords: [EvidenceItem] {
    console.last.map { [EvidenceItem("console, last: \($0.text)")] } ?? []
  }
}
