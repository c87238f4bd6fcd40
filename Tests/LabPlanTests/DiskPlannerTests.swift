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

  @Test(arguments: [
    ("emptyDisk: {capacity: 3Gi}", 3 << 30 as Int64?, nil as String?),
    ("containerDisk: {image: example.org/disk}", 1 << 30, "container disk example.org/disk"),
    ("persistentVolumeClaim: {claimName: claim}", 1 << 30, "no local file stands for claim"),
    ("dataVolume: {name: volume}", 1 << 30, "no local file stands for volume"),
    ("hostDisk: {path: /disks/a.img, type: Disk}", nil, nil),
  ])
  func source(_ volume: String, _ size: Int64?, _ notice: String?) throws {
    let cluster = """
      ---
      apiVersion: hco.kubevirt.io/v1beta1
      kind: HyperConverged
      metadata: {name: kubevirt-hyperconverged}
      spec: {featureGates: {HostDisk: true}}
      """
    let plan = try LabText(disks: [("disk: {bus: virtio}", volume)], cluster: cluster).plan()
    let disk = try #require(plan.machines.first?.disks.first)
    #expect(disk.emptySize == size)
    #expect(
      disk.path == (size == nil ? "/disks/a.img" : "/state/labs/lab/machine-m/d0.img"))
    let notices = plan.notices.filter { $0.hasPrefix("m: disk d0") }
    #expect(notices.count == (notice == nil ? 0 : 1))
    if let notice { #expect(notices.first?.contains(notice) == true) }
  }

  @Test func aVolumeWithoutAMeaningIsLeftOutAndSaidSo() throws {
    let plan = try LabText(disks: [
      ("disk: {bus: virtio}", "cloudInitNoCloud: {userData: \"#cloud-config\"}")
    ]).plan()
    #expect(plan.machines.first?.disks == [])
    #expect(plan.notices.contains { $0.contains("cloud-init") })
  }

  @Test func aLUNIsADisk() throws {
    let text = LabText(disks: [("lun: {bus: scsi}", "persistentVolumeClaim: {claimName: c}")])
    #expect(try text.machine().domainXML.contains("device=\"disk\""))
    #expect(try text.plan().notices.contains { $0.contains("LUN") })
  }
}
