import PXEWire

/// iPXE is given the file that it came from, and loads itself again and again.
struct IPXELoop: DiagnosisRule {
  let id = "PXL025"
  let stage = FaultStage.loader
  let consequences: Consequences = .laterAttempts(and: [
    "PXL009", "PXL013", "PXL020", "PXL033", "PXL024",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asking = trace.exchanges.filter { $0.agent == .ipxe }
    for exchange in asking.reversed() {
      guard let reply = (exchange.acks + exchange.offers).first(where: { $0.bootFile != nil }),
        let file = reply.bootFile, !file.hasSuffix(".ipxe"), !file.isURL
      else { continue }
      let loads = trace.transfers(of: file).filter { $0.isWhole || $0.blocks > 0 }
      let before = loads.filter { $0.started < exchange.started }
      let after = loads.filter { $0.started > reply.time }
      // Loaded before iPXE asked, named to iPXE, and loaded again: unless it then got further.
      guard !before.isEmpty, !after.isEmpty, let last = after.last,
        !trace.transfers.contains(where: {
          $0.started > last.started && !ClientTrace.isSame($0.file, file) && $0.isWhole
        }),
        !trace.httpTransfers.contains(where: { $0.started > last.started && $0.isWhole }),
        evidence.console(.kernel, .report).isEmpty
      else { continue }
      return [
        Finding(
          id, evidence.severity(), mac: trace.mac,
          title:
            "iPXE is given \(file), which it was loaded from: it loads itself again and again.",
          evidence: [
            EvidenceItem(
              "\(asking.count) exchanges of iPXE (user class "
                + "\(exchange.userClasses.first ?? "none, but option 175"))",
              asking.flatMap { $0.packets(of: "DISCOVER") }),
            reply.item("ACK"),
            EvidenceItem(
              "\(loads.count) transfers of \(file)", loads.map(\.packet)),
          ],
          fix: "Give iPXE another boot file, its script or the next program: match user class iPXE "
            + "(option 77) or option 175 (dnsmasq: dhcp-match=set:ipxe,175 and "
            + "dhcp-boot=tag:ipxe,boot.ipxe; ISC: if option user-class = \"iPXE\").")
      ]
    }
    return []
  }
}
