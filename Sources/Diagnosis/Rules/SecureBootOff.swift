/// The guest says that Secure Boot is off although the manifest asks for it.
struct SecureBootOff: DiagnosisRule {
  let id = "PXL012"
  let stage = FaultStage.system
  let fields: [CauseField] = [.secureBoot]
  let consequences: Consequences = ["PXL014"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.expectation?.secureBoot == true, let guest = evidence.guest,
      guest.secureBoot != true
    else { return [] }
    let setup = guest.setupMode == true
    let fix: String
    if setup {
      fix =
        "The variable store has no platform key: make it from a template with enrolled keys "
        + "(OVMF_VARS_4M.ms.fd)."
    } else if evidence.host?.secureLoader == false {
      fix = "The domain's loader is not a secure one: check the firmware that was chosen."
    } else {
      fix = "Look at the SecureBoot variable in the store: something in the guest turned it off."
    }
    return [
      Finding(
        id, mac: evidence.mac,
        title: "Secure Boot is off in the guest although the manifest asks for it.",
        evidence: [
          EvidenceItem(
            "guest: SecureBoot \(guest.secureBoot.map { "\($0)" } ?? "has no variable"), SetupMode "
              + (guest.setupMode.map { "\($0)" } ?? "has no variable"), variable: "SecureBoot")
        ], fix: fix)
    ]
  }
}
