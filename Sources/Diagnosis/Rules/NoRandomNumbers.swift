import Addresses

/// UEFI firmware without a source of random numbers, which since edk2-stable202405 has no network
/// stack (edk2's NetworkPkg, for CVE-2023-45236 and -45237).
struct NoRandomNumbers: DiagnosisRule {
  let id = "PXL051"
  let stage = FaultStage.machine
  let fields: [CauseField] = [.processor]
  let consequences: Consequences = ["PXL002"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard (evidence.trace?.frames ?? 0) == 0, !evidence.triesNetwork, evidence.guest == nil,
      !evidence.console.isEmpty, let host = evidence.host, host.nvram != nil,
      host.hasRandomNumberGenerator == false, host.processorLacksRDRAND == true,
      host.interface(evidence.mac)?.bootOrder != nil
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title: "The firmware has no network boot entry: it finds no source of random numbers, "
          + "without which edk2 since 2024-05 has no network.",
        evidence: [
          EvidenceItem("the domain has no <rng>", xmlPath: "/domain/devices/rng"),
          EvidenceItem(
            "the CPU model \(host.processor ?? "qemu64") has no RDRAND", xmlPath: "/domain/cpu",
            place: evidence.place(.processor)),
          "no frame from \(evidence.mac) was captured",
        ] + evidence.lastWords,
        fix: "Add rng: {} to the machine's devices (a virtio-rng), or choose a CPU model with "
          + "RDRAND.")
    ]
  }
}
