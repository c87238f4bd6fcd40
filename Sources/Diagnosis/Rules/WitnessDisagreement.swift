/// Two witnesses say different things of the same fact.
struct WitnessDisagreement: DiagnosisRule {
  let id = "PXL014"
  func findings(in evidence: Evidence) -> [Finding] {
    guard let host = evidence.host else { return [] }
    let mac = evidence.mac
    var pairs: [(fact: String, statements: [String])] = []
    if let guest = evidence.guest {
      let inGuest = guest.nics.contains { $0.mac == mac }
      let inHost = host.interface(mac) != nil
      if inGuest != inHost {
        pairs.append(
          (
            "whether the machine has a network card \(mac)",
            ["guest: \(inGuest ? "yes" : "no")", "host: \(inHost ? "yes" : "no")"]
          ))
      }
      if let secure = guest.secureBoot, secure != host.secureLoader {
        pairs.append(
          (
            "Secure Boot",
            [
              "guest: \(secure ? "on" : "off")",
              "host: the loader is \(host.secureLoader ? "secure" : "not secure")",
            ]
          ))
      }
      let first = host.interfaces.filter { $0.bootOrder != nil }
        .min { ($0.bootOrder ?? .max) < ($1.bootOrder ?? .max) }
      if let booted = evidence.bootCurrentMAC, let first, booted != first.mac {
        pairs.append(
          ("the card to boot from", ["guest: booted \(booted)", "host: first is \(first.mac)"]))
      }
    }
    if let trace = evidence.trace, let pvid = host.port(of: mac)?.pvid {
      // Frames of the bridge's default VLAN have no tag.
      let others = trace.vlans.filter { ($0 ?? .bridgeDefault) != pvid }
      if !others.isEmpty {
        let seen = others.map { $0.map { "VLAN \($0)" } ?? "no VLAN" }.joined(separator: ", ")
        pairs.append(
          ("the machine's VLAN", ["wire: frames on \(seen)", "host: the port's PVID is \(pvid)"]))
      }
    }
    return pairs.map { fact, statements in
      Finding(
        id, mac: mac, title: "The witnesses disagree about \(fact).",
        evidence: statements.map { EvidenceItem($0) },
        fix: "One of them looks at another machine or an older state: run pxelab down, then up.")
    }
  }
}
