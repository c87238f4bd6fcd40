import Addresses

/// No frame came from the machine's MAC address.
struct SilentMachine: DiagnosisRule {
  let id = "PXL002"
  let stage = FaultStage.machine
  let fields: [CauseField] = [.link, .macAddress]

  func findings(in evidence: Evidence) -> [Finding] {
    // Behind a relay agent a client is heard without a frame of its own.
    guard (evidence.trace?.frames ?? 0) == 0, evidence.trace?.hasConversation != true else {
      return []
    }
    let mac = evidence.mac
    let triesNetwork = !evidence.console(.startPXE, .startHTTP).isEmpty
    let node = Self.devicePathNode(mac)
    let entry = evidence.console(.entryFailed, .loadingEntry, .startingEntry).first {
      $0.text.contains(node)
    }
    let title: String
    let fix: String
    if triesNetwork {
      title = "The firmware tries the network, but no frame from \(mac) reaches the bridge."
      fix =
        "Compare the MAC address and the tap in the domain XML with the dataplane's ports; "
        + "macspoofchk drops frames of another source address."
    } else if entry != nil {
      title = "The firmware's boot entry for \(mac) fails before a frame: the card has no link."
      fix =
        "Take state: down from the interface in the manifest, or look for <link state='down'/> and "
        + "the tap in the domain XML."
    } else if evidence.console.isEmpty {
      title = "The machine sends nothing: no frame from \(mac), nothing on its console."
      fix = "Look at the domain's state and at QEMU's log; the firmware may not run at all."
    } else {
      title = "The firmware has no network boot entry for \(mac): it never tries the network."
      fix =
        "Look for a random number generator (<rng>) and for the interface's boot order in the "
        + "domain XML; newer UEFI firmware has no network stack without an RNG."
    }
    let lastLine: [EvidenceItem] =
      (entry ?? evidence.console.last).map { ["console: \($0.text)"] } ?? []
    return [
      Finding(
        id, evidence.dropped > 0 ? .warning : .error, mac: mac, title: title,
        evidence: ["no frame from \(mac) was captured"] + lastLine, fix: fix)
    ]
  }

  /// How the firmware writes the address in a boot entry's path (UEFI 2.10 section 10.6.1.6):
  /// `MAC(DE00000000DE`.
  private static func devicePathNode(_ mac: MACAddress) -> String {
    "MAC(" + mac.description.filter { $0 != ":" }.uppercased()
  }
}
