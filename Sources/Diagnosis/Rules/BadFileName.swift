import PXEWire

/// The boot file's name has an octet at its end that belongs to no name, such as DHCP's end mark.
struct BadFileName: DiagnosisRule {
  let id = "PXL043"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL007", "PXL008", "PXL029"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.transfers.filter {
      Self.isOdd($0.file) && !$0.isWhole && !trace.takesLoadOptions($0)
        && !evidence.overcame(.load, after: $0.lastProgress)
    }
    let named = trace.exchanges.flatMap { $0.acks + $0.offers }.filter {
      $0.bootFile.map(Self.isOdd) == true && !evidence.overcame(.load, after: $0.time)
    }
    let octets = trace.transfers.first { $0.fileOctets != nil }
    let isAsked = { (name: String) in octets.map { ClientTrace.isSame($0.file, name) } ?? false }
    // The request has the octets of a name of which the answer only shows that they are no text.
    let shown = { (name: String) in
      isAsked(name) ? octets?.shownFile ?? name : FileName.shown(name)
    }
    guard let name = asked.first?.file ?? named.first?.bootFile else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The boot file's name \"\(shown(name))\" has characters in it that belong to no "
          + "name.",
        evidence: named.prefix(1).map {
          EvidenceItem(
            "boot file \"\(shown(name))\" from \($0.server), in "
              + ($0.bootFileIsInField ? "the file field" : "option 67"), [$0.packet])
        }
          + asked.map {
            EvidenceItem("TFTP request for \"\($0.shownFile)\"", [$0.packet])
          },
        fix: "Let the server end the name with a zero byte (in option 67 too: some clients read on "
          + "to the end mark 0xff), and take quotes, blanks and line ends out of its "
          + "configuration.")
    ]
  }

  private static func isOdd(_ name: String) -> Bool {
    name.contains { $0 == "\u{fffd}" || $0 == "\u{ff}" || $0.isNewline }
      || name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
      || name.hasSuffix(" ") || name.hasPrefix("\"") || name.hasSuffix("\"")
  }
}
