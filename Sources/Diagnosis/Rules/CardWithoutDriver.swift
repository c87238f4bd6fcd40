import Addresses

/// The firmware has no driver for the machine's network card, and so no boot entry for it.
struct CardWithoutDriver: DiagnosisRule {
  let id = "PXL050"
  let stage = FaultStage.machine
  let fields: [CauseField] = [.model]
  let consequences: Consequences = ["PXL002"]

  /// The models that OVMF as distributions build it drives by itself (OvmfPkg's VirtioNetDxe); with
  /// an option ROM QEMU's iPXE drives the others too.
  private static let driven: Set = ["virtio", "virtio-transitional", "virtio-non-transitional"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard (evidence.trace?.frames ?? 0) == 0, !evidence.triesNetwork, evidence.guest == nil,
      let host = evidence.host, host.nvram != nil,
      let interface = host.interface(evidence.mac), interface.rom == false,
      let model = interface.model, !Self.driven.contains(model)
    else { return [] }
    return [
      Finding(
        id, mac: evidence.mac,
        title:
          "The UEFI firmware has no driver for the \(model) card \(evidence.mac), so it has no "
          + "network boot entry for it.",
        evidence: [
          EvidenceItem(
            "the card's model is \(model), and its option ROM, which could bring a driver, is off",
            xmlPath: "/domain/devices/interface/model",
            place: evidence.place(.model) ?? evidence.place(.interface)),
          "no frame from \(evidence.mac) was captured",
        ] + evidence.lastWords,
        fix: "Give the interface model: virtio, the one card that OVMF drives by itself.")
    ]
  }
}
