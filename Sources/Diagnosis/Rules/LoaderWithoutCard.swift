import PXEWire

/// iPXE was loaded, and does not get as far as asking for an address.
struct LoaderWithoutCard: DiagnosisRule {
  let id = "PXL062"
  let stage = FaultStage.program
  let consequences: Consequences = [
    "PXL013", "PXL033",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, let trace = evidence.trace, let file = evidence.bootFile,
      let load = trace.transfers(of: file).last(where: \.isWhole), Self.isIPXE(file, evidence),
      !trace.exchanges.contains(where: { $0.started > load.lastProgress }),
      !trace.transfers.contains(where: { $0.started > load.lastProgress }),
      evidence.console(.refused, .entryFailed).allSatisfy({ $0.time < load.lastProgress })
    else { return [] }
    // Without iPXE's own words it may as well never have been started.
    let words = evidence.console(.ipxe, .ipxeStarting).last { $0.time >= load.lastProgress }
    guard let words else { return [] }
    let model = evidence.host?.interface(evidence.mac)?.model
    let isNative = file.hasSuffix("ipxe.efi")
    return [
      Finding(
        id, mac: trace.mac,
        title: "\(file) was loaded whole and asks for no address: iPXE hangs in its own driver, or "
          + "has none for the card.",
        evidence: [
          "\(file) was transferred completely, and \(trace.mac) sent no DISCOVER after it",
          "console: \(words.text)",
        ]
          + (model.map {
            [EvidenceItem("the card is a \($0)", xmlPath: "/domain/devices/interface/model")]
          } ?? []),
        fix: isNative
          ? "Serve snponly.efi, which uses the firmware's driver of the card it was loaded by."
          : "Serve another build of iPXE: ipxe.efi with drivers of its own, snponly.efi with the "
            + "firmware's, undionly.kpxe on BIOS.")
    ]
  }

  private static func isIPXE(_ file: String, _ evidence: Evidence) -> Bool {
    let name = file.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return name.contains("ipxe") && !name.hasSuffix(".ipxe") || name.hasPrefix("snponly")
      || name.hasPrefix("undionly")
  }
}
