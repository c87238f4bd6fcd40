import Addresses

/// Nothing that this firmware reads says what to boot first, so its own order decided.
struct BootOrderMissing: DiagnosisRule {
  let id = "PXL061"
  let stage = FaultStage.system
  let fields: [CauseField] = [.interface]
  let consequences: Consequences = ["PXL002", "PXL011", "PXL014", "PXL015"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let host = evidence.host, let guest = evidence.guest, host.nvram != nil,
      let current = guest.bootCurrent,
      evidence.bootCurrentMAC != evidence.mac,
      host.interfaces.allSatisfy({ $0.bootOrder == nil }),
      host.disksInBootOrder == 0
    else { return [] }
    let words = host.bootDevices.joined(separator: ", ")
    // libvirt gives the first disk the first place by <boot dev='hd'/>, which it adds by itself.
    let isDiskImplied = host.bootDevices.contains("hd") && !host.disks.isEmpty
    let title =
      isDiskImplied
      ? "No device of the machine has a bootOrder, so libvirt's default put the first disk first and "
        + "left all other devices out."
      : host.bootDevices.isEmpty
        ? "No device of the machine has a bootOrder, and the firmware's own order put another first."
        : "<boot dev> (\(words)) is not read by UEFI firmware, and no device has a bootOrder: the "
          + "firmware's own order decided."
    return [
      Finding(
        id, mac: evidence.mac, title: title,
        evidence: [
          EvidenceItem(
            "BootCurrent is \(current): \(evidence.bootCurrentDescription ?? "no readable entry")",
            variable: "BootCurrent"),
          EvidenceItem(
            "BootOrder: \(guest.bootOrder?.joined(separator: ", ") ?? "unknown")",
            variable: "BootOrder"),
          EvidenceItem(
            "no <boot order> in the domain", xmlPath: "/domain/devices/interface/boot",
            place: evidence.place(.interface)),
        ],
        fix: "Give the device that shall boot bootOrder: 1.")
    ]
  }
}
