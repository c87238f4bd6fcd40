import Addresses

/// The DHCP server says in its log why it gives the machine no address.
struct ServerDeclines: DiagnosisRule {
  let id = "PXL056"
  let stage = FaultStage.offer
  let consequences: Consequences = [
    "PXL003", "PXL005", "PXL013", "PXL027", "PXL041", "PXL044",
  ]

  /// What servers write, and what it means: dnsmasq's rfc2131.c, ISC's dhcp.c, Kea's messages.
  private static let words: [(text: String, meaning: String, fix: String)] = [
    (
      "no address available", "it has no address left",
      "Widen the server's range, shorten its lease time, or free leases of machines that are gone."
    ),
    (
      "no free leases", "it has no address left",
      "Widen the server's range, shorten its lease time, or free leases of machines that are gone."
    ),
    (
      "ALLOC_FAIL", "it has no address left",
      "Widen the server's pool, shorten its lease time, or free leases of machines that are gone."
    ),
    (
      "no leases left", "its lease table is full",
      "Let the server have more leases (dnsmasq: dhcp-lease-max)."
    ),
    (
      "ignored", "its configuration ignores the machine",
      "Add the machine to the server's configuration, or take the rule away that ignores it "
        + "(dnsmasq: dhcp-ignore)."
    ),
    (
      "booting disallowed", "its configuration refuses the machine",
      "Take \"deny booting\" or \"ignore booting\" away from the machine's host declaration."
    ),
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.trace?.leased == nil, evidence.guest == nil else { return [] }
    for line in evidence.serverLog.reversed() {
      guard let known = Self.words.first(where: { line.contains($0.text) }) else { continue }
      return [
        Finding(
          id, mac: evidence.mac,
          title: "The DHCP server gives \(evidence.mac) no address: \(known.meaning).",
          evidence: [EvidenceItem("the server's log: \(line)")], fix: known.fix)
      ]
    }
    return []
  }
}
