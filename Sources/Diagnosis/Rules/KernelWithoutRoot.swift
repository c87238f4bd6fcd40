/// The kernel ran without an initramfs that it could use, found no root file system and panicked.
struct KernelWithoutRoot: DiagnosisRule {
  let stage = FaultStage.system
  let consequences: Set = [
    "PXL013", "PXL033",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, let root = evidence.console(.noRoot).first,
      let panic = evidence.console(.kernelPanic).last
    else { return [] }
    let failed = evidence.console(.grubError)
    let lines = failed + evidence.console(.noInit) + [root, panic]
    let title: String
    if let error = failed.first {
      title =
        "The kernel got no initramfs (GRUB: \(error.text)) and panicked without a root file system."
    } else if let missing = evidence.console(.noInit).first {
      title =
        "The initramfs has not what the kernel should start (\(missing.text)), and there is no root "
        + "file system: the kernel panicked."
    } else {
      title = "The kernel got no initramfs and has no root file system: it panicked."
    }
    return [
      Finding(
        "PXL052", mac: evidence.mac, title: title,
        evidence: lines.map { EvidenceItem("console: \($0.text)") },
        fix:
          "Let the loader's configuration give the kernel an initramfs (initrd in GRUB and iPXE) "
          + "that is served, and see that rdinit= on its command line, if it is there, names a "
          + "program in it.")
    ]
  }
}
