/// The kernel ran without an initramfs that it could use, found no root file system and panicked.
struct KernelWithoutRoot: DiagnosisRule {
  let id = "PXL052"
  let stage = FaultStage.system
  let consequences: Consequences = [
    "PXL013", "PXL033",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard evidence.guest == nil, evidence.hasNoRoot,
      let panic = evidence.console(.kernelPanic).last
    else { return [] }
    let failed = evidence.console(.grubError)
    let lines = failed + evidence.console(.noInit) + evidence.console(.noRoot).prefix(1) + [panic]
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
        id, mac: evidence.mac, title: title,
        evidence: lines.map { EvidenceItem("console: \($0.text)") },
        fix:
          "Let the loader's configuration give the kernel an initramfs (initrd in GRUB and iPXE) "
          + "that is served, and see that rdinit= on its command line, if it is there, names a "
          + "program in it.")
    ]
  }
}

extension Evidence {
  /// Whether the kernel says that it finds no root file system; with few messages on the console, in
  /// its panic alone: `not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`.
  var hasNoRoot: Bool {
    !console(.noRoot).isEmpty
      || console(.kernelPanic).contains { $0.text.contains("VFS: Unable to mount root fs") }
  }
}
