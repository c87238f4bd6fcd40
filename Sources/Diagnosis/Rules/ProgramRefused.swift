import PXEWire

/// The boot program arrived whole and Secure Boot does not let it run.
struct ProgramRefused: DiagnosisRule {
  let stage = FaultStage.program
  let consequences: Set<String> = ["PXL013"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, let file = evidence.bootFile else { return [] }
    let refusals = evidence.console(.refused)
    let isSecure = evidence.expectation?.secureBoot == true || evidence.host?.secureLoader == true
    let loads = trace.transfers(of: file).filter(\.isWhole).count
    if evidence.programArrived, !evidence.programRan, isSecure || !refusals.isEmpty {
      guard !refusals.isEmpty || loads > 1 else { return [] }
      return [
        Finding(
          "PXL009", mac: trace.mac,
          title: "\(file) arrived whole, but the firmware did not start it: Secure Boot is on and "
            + "does not accept its signature.",
          evidence: [
            "\(file) was transferred completely \(loads == 1 ? "once" : "\(loads) times"), and nothing after it"
          ]
            + refusals.map { "console: \($0.text)" },
          fix: "Serve a boot program signed by a key in the firmware's db (Debian's shim-signed), "
            + "or set secureBoot: false in the machine's firmware.")
      ]
    }
    guard evidence.programRan, evidence.guest == nil, let refusal = refusals.last else {
      return []
    }
    let last = trace.transfers.last(where: \.isWhole)?.file ?? file
    return [
      Finding(
        "PXL009", mac: trace.mac,
        title: "\(last) was refused: its signature does not pass Secure Boot's check.",
        evidence: refusals.map { "console: \($0.text)" },
        fix: "Serve \(last) signed by the distribution whose shim is used; after "
          + "\"\(refusal.text)\" nothing more is loaded.")
    ]
  }
}
