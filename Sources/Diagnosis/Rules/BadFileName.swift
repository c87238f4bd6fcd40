import PXEWire

/// The boot file's name has an octet at its end that belongs to no name, such as DHCP's end mark.
struct BadFileName: DiagnosisRule {
  let id = "PXL043"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL007", "PXL008", "PXL029"])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.transfers.filter {
      Self.isOdd($0.file) && !$0.isWhole && !evidence.overcame(.load, after: $0.lastProgress)
    }
    let named = trace.exchanges.flatMap { $0.acks + $0.offers }.filter {
      $0.bootFile.map(Self.isOdd) == true && !evidence.overcame(.load, after: $0.time)
    }
    guard let name = asked.first?.file ?? named.first?.bootFile else { return [] }
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "The boot file's name \"\(Self.shown(name))\" has characters in it that belong to no "
          + "name.",
        evidence: named.prefix(1).map {
          EvidenceItem(
            "boot file \"\(Self.shown(name))\" from \($0.server), in "
              + ($0.bootFileIsInField ? "the file field" : "option 67"), [$0.packet])
        }
          + asked.map {
            EvidenceItem("TFTP request for \"\(Self.shown($0.file))\"", [$0.packet])
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

  /// The name with what cannot be printed as `\xff`, as far as it is known.
  private static func shown(_ name: String) -> String {
    name.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0xfffd, 0xff: "\\xff"
      case ..<0x20, 0x7f: "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }.joined()
  }
}
