import Addresses

/// What no rule explains: a missing witness, or a check that does not hold.
struct FailedCheck: FindingKind {
  let id = "PXL015"

  func findings(in witnesses: MachineVerdict.Witnesses, mac: MACAddress) -> [Finding] {
    finding("wire", witnesses.wire, mac, next: "the timeline and the capture file")
      + finding("guest", witnesses.guest, mac, next: "the console (pxelab console, pxelab logs)")
      + finding("host", witnesses.host, mac, next: "the domain XML and the port's VLAN table")
  }

  private func finding<Seen>(
    _ name: String, _ witness: Witness<Seen>, _ mac: MACAddress, next: String
  ) -> [Finding] {
    if let missing = witness.missing {
      return [
        Finding(
          id, mac: mac, title: "The \(name) witness is missing: \(missing).",
          evidence: [EvidenceItem(missing)], fix: "Look next at \(next).")
      ]
    }
    guard !witness.holds else { return [] }
    let failed = witness.failed
    return [
      Finding(
        id, mac: mac,
        title: "The \(name) witness does not confirm: "
          + failed.map(\.name).joined(separator: ", ") + ".",
        evidence: failed.map { check in
          EvidenceItem(
            "\(check.name): expected \(check.expected), seen \(check.seen ?? "nothing")"
              + (check.holds == nil ? " (undecided: packets were lost)" : ""))
        }, fix: "Look next at \(next).")
    ]
  }
}
