import Addresses

extension Evidence {
  /// Where a field of the manifests is, if it is known.
  func place(_ field: CauseField) -> ManifestPlace? { places[field] }

  /// Whether the console shows that the firmware knows the machine's card as something to boot from.
  var triesNetwork: Bool {
    if !console(.startPXE, .startHTTP).isEmpty { return true }
    // In the device paths of boot entries (UEFI 2.10 section 10.6.1.6).
    let node = "MAC(" + mac.description.filter { $0 != ":" }.uppercased()
    return console(.entryFailed, .loadingEntry, .startingEntry, .refused).contains {
      $0.text.contains(node)
    }
  }

  /// The last line of the console that says how far the boot is.
  var lastWords: [EvidenceItem] {
    console.last.map { [EvidenceItem("console, last: \($0.text)")] } ?? []
  }
}
