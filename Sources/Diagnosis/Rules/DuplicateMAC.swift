/// Another machine on the same VLAN has the same MAC address.
struct DuplicateMAC: DiagnosisRule {
  let id = "PXL058"
  let stage = FaultStage.system
  let fields: [CauseField] = [.macAddress]
  let consequences: Consequences = [
    "PXL002", "PXL003", "PXL004", "PXL005", "PXL006", "PXL008", "PXL013", "PXL014", "PXL015",
    "PXL026", "PXL031", "PXL032", "PXL033", "PXL044",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let others = evidence.host?.interface(evidence.mac)?.namesakes, !others.isEmpty else {
      return []
    }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "\(evidence.mac) is also the address of \(others.joined(separator: ", ")) on the same "
          + "VLAN: the bridge\(evidence.host?.uplink == nil ? "" : ", or the fabric between the nodes,") sends "
          + "frames for both to the port that spoke last.",
        evidence: [
          EvidenceItem(
            "interfaces with this address: this machine's, and \(others.joined(separator: ", "))",
            xmlPath: "/domain/devices/interface/mac", place: evidence.place(.macAddress))
        ],
        fix: "Give each interface a macAddress of its own, or leave it out and let one be assigned."
      )
    ]
  }
}
