/// The guest was booted from another device than the one that should be first.
struct WrongBootDevice: DiagnosisRule {
  let id = "PXL011"
  let stage = FaultStage.system
  let fields: [CauseField] = [.bootOrder]
  let consequences: Consequences = ["PXL014"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let expectation = evidence.expectation, let guest = evidence.guest,
      let current = guest.bootCurrent
    else { return [] }
    if expectation.disk == nil {
      guard evidence.bootCurrentMAC != expectation.mac else { return [] }
    } else {
      let isOtherDisk =
        evidence.bootCurrentDisk != nil && evidence.bootCurrentDisk != expectation.disk?.name
      guard evidence.bootCurrentMAC != nil || isOtherDisk else { return [] }
    }
    let entry = evidence.bootCurrentDescription ?? "an entry without a readable description"
    let device =
      evidence.bootCurrentMAC.map { "the interface \($0)" }
      ?? evidence.bootCurrentDisk.map { "the disk \($0)" } ?? "a device that is no network card"
    let order = guest.bootOrder?.joined(separator: ", ") ?? "unknown"
    return [
      Finding(
        id, mac: expectation.mac,
        title: "The machine booted from \(device), not from "
          + (expectation.disk.map { "the disk \($0.name)." } ?? "\(expectation.mac)."),
        evidence: ["BootCurrent is \(current): \(entry)", "BootOrder: \(order)"],
        fix: "Give the "
          + (expectation.disk.map { "disk \($0.name)" } ?? "interface \(expectation.interface)")
          + " the lowest bootOrder of all devices; if "
          + "it has it, remove the machine's variable store, whose boot order may be older.")
    ]
  }
}
