/// The boot server's address has no owner on the client's VLAN.
struct UnansweredARP: DiagnosisRule {
  let stage = FaultStage.server
  let consequences: Set<String> = ["PXL008"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    return trace.unansweredARP
      .filter { trace.bootServers.contains(.v4($0.address)) && $0.count > 1 }
      .map { request in
        let place = request.vlan.map { "on VLAN \($0)" } ?? "untagged"
        return Finding(
          "PXL006", evidence.dropped > 0 ? .warning : .error, mac: trace.mac,
          title: "The boot server \(request.address) does not answer ARP \(place).",
          evidence: ["\(request.count) ARP requests for \(request.address) without a reply"],
          fix: "Check the server's address, and the next server (siaddr) that DHCP gives.")
      }
  }
}
