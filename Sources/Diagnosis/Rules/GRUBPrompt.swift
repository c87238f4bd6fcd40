/// GRUB waits for commands instead of booting.
struct GRUBPrompt: DiagnosisRule {
  let id = "PXL054"
  let stage = FaultStage.loader
  let consequences: Consequences = [
    "PXL013", "PXL033",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, evidence.console(.kernel).isEmpty,
      let prompt = evidence.console(.grubRescue, .grubPrompt).last
    else { return [] }
    let errors = evidence.console(.grubError, .loaderError).filter {
      $0.kind == .grubError || FirmwareError(line: $0.text)?.speaker == .grub
    }
    let title: String
    let fix: String
    if prompt.kind == .grubRescue {
      title = "GRUB is in its rescue shell: it cannot load its own modules."
      fix =
        "Serve a GRUB image with the modules inside (grubnetx64.efi), or its modules where its prefix "
        + "points: `echo $prefix` at the prompt says where."
    } else if let error = errors.last {
      title = "GRUB waits at its prompt: its configuration failed with \"\(error.text)\"."
      fix = "Serve the file, or correct its name in grub.cfg."
    } else {
      title = "GRUB waits at its prompt: it found no configuration that boots."
      fix =
        "Serve grub.cfg where GRUB looks for it (`echo $prefix` at the prompt; Debian's signed GRUB: "
        + "/grub/grub.cfg of the server that it came from), with an entry that boots."
    }
    return [
      Finding(
        id, mac: evidence.mac, title: title,
        evidence: (errors + [prompt]).map { EvidenceItem("console: \($0.text)") }, fix: fix)
    ]
  }
}
