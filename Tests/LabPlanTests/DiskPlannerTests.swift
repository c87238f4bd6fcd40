import Testing

@testable import LabPlan

@Suite struct DiskPlannerTests {
  @Test(arguments: [
    (0, "vda"), (1, "vdb"), (25, "vdz"), (26, "vdaa"), (27, "vdab"), (51, "vdaz"), (52, "vdba"),
    (701, "vdzz"), (702, "vdaaa"),
  ])
  func target(_ index: Int, _ name: String) {
    #expect(DiskPlanner.target("vd", index) == name)
  }

  @Test func busesCountTheirOwnLetters() throws {
    let text = LabText(disks: [
      ("disk: {bus: virtio}", "emptyDisk: {capacity: 1Gi}"),
      ("disk: {bus: sata}", "emptyDisk: {capacity: 1Gi}"),
      ("disk: {bus: virtio}", "emptyDisk: {capacity: 1Gi}"),
      ("cdrom: {bus: sata}", "emptyDisk: {capacity: 1Gi}"),
    ])
    let xml = try text.machine().domainXML
    for device in ["vda", "sda", "vdb", "sdb"] {
      #expect(xml.contains("<target dev=\"\(device)\""), "\(device)")
    }
  }

  @Test func aLUNIsADisk() throws {
    let text = LabText(disks: [("lun: {bus: scsi}", "persistentVolumeClaim: {claimName: c}")])
    #expect(try text.machine().domainXML.contains("device=\"disk\""))
    #expect(try text.plan().notices.contains { $0.contains("LUN") })
  }
}
