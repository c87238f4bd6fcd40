import Addresses

/// The firmware asks for an address on a VLAN where no server answers.
struct UnansweredDiscover: DiagnosisRule {
  let stage = FaultStage.discover

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, trace.leased == nil else { return [] }
    let asked = trace.exchanges.filter { $0.discovers > 0 }
    guard !asked.isEmpty, asked.allSatisfy(\.isUnanswered) else { return [] }
    var vlans: [VLANID?] = []
    for exchange in asked where !vlans.contains(exchange.vlan) { vlans.append(exchange.vlan) }
    return vlans.map { vlan in
      finding(vlan, asked.filter { $0.vlan == vlan }, evidence)
    }
  }

  private func finding(
    _ vlan: VLANID?, _ exchanges: [DHCPExchange], _ evidence: Evidence
  ) -> Finding {
    let place = vlan.map { "on VLAN \($0)" } ?? "untagged"
    let count = exchanges.reduce(0) { $0 + $1.discovers }
    let mac = evidence.mac
    let here = evidence.servers.filter { $0.vlan == vlan }
    let elsewhere = evidence.servers.filter { $0.vlan != vlan }
    var title = "DHCP DISCOVER was seen \(place) and no server answers there"
    var fix: String
    if evidence.dropped > 0 {
      title = "DHCP DISCOVER was seen \(place) and no answer was captured"
      fix = "Packets were lost; run the lab again with less load on this machine."
    } else if let server = here.first {
      fix =
        "Look at the log of the server \(server.address) of \(server.attachment) and at the VLAN "
        + "table of its port."
    } else if let server = elsewhere.first {
      let other = server.vlan.map { "on VLAN \($0)" } ?? "untagged"
      title += "; the server \(server.address) is \(other)"
      fix =
        "Put both on one VLAN: \(server.field) places the server of \(server.attachment) \(other), "
        + "the machine's attachment is \(place)."
    } else {
      fix = "Serve DHCP on this attachment, or connect the machine to the server's VLAN."
    }
    return Finding(
      "PXL003", evidence.dropped > 0 ? .warning : .error, mac: mac, title: title + ".",
      evidence: ["\(count) DISCOVER from \(mac) \(place), no OFFER"]
        + elsewhere.map { server in
          let other = server.vlan.map { "VLAN \($0)" } ?? "no VLAN"
          return "server \(server.address) of \(server.attachment): \(other) (\(server.field))"
        },
      fix: fix)
  }
}
