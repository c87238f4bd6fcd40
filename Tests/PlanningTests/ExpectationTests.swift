import Addresses
import LabManifest
import Testing

@testable import Planning

@Suite struct ExpectationTests {
  /// Frames of VLAN 1 leave ports untagged; those of another VLAN are tagged in the capture.
  @Test(arguments: [(1, nil), (2, 2), (4094, 4094)] as [(UInt16, UInt16?)])
  func theWireShowsVLAN1Untagged(vlan: UInt16, seen: UInt16?) throws {
    let template = LabTemplate(name: "lab", vlan: try #require(VLANID(rawValue: vlan)))
    let files = template.files.filter { $0.name.hasSuffix(".yaml") }
    let input = LabInput(
      files: files.map { (path: $0.name, text: $0.text) }, folderName: "lab")
    let plan = try LabPlanner(input, facts: .fixed(.openVSwitch)).plan()
    let expectation = try #require(plan.machines.first?.expectation)
    #expect(expectation.vlan == seen.flatMap(VLANID.init(rawValue:)))
  }

  private static let shipped = try? PlanningFacts.fixed(
    .openVSwitch,
    diskImages: [
      "quay.io/containerdisks/debian:12": DiskImage(
        path: "/images/disk.img", format: "raw", virtualSize: 64 << 20)
    ])

  /// What labs/boot-order, labs/install and others say, as expectations.
  @Test(
    arguments: [
      ("boot-order", "pxe-first", nil, "de:00:00:00:02:01", 1),
      ("boot-order", "disk-first", "root", "de:00:00:00:02:02", 1),
      ("boot-order", "empty-disk-first", nil, "de:00:00:00:02:03", 1),
      ("boot-order", "second-card-first", nil, "de:00:00:00:02:05", 1),
      ("install", "by-server", "root", "de:00:00:00:03:01", 2),
      ("install-by-order", "by-order", "root", "de:00:00:00:03:02", 2),
      ("dead-server", "node-1", "root", "de:00:00:00:04:01", 1),
    ] as [(String, String, String?, String, Int)])
  func bootsFromWhatTheLabFileSays(
    lab: String, machine: String, disk: String?, mac: String, boots: Int
  ) throws {
    var facts = try #require(Self.shipped)
    facts.images["debian-install"] = PlanningFacts.Image(
      bootFiles: [7: "shimx64.efi"], fileSizes: [:])
    let plan = try LabPlanner(try Checkout.lab(lab), facts: facts).plan()
    let planned = try #require(plan.machines.first { $0.name == machine })
    let expectation = try #require(planned.expectation)
    #expect(expectation.disk?.name == disk)
    #expect("\(expectation.mac)" == mac)
    #expect(expectation.boots == boots)
  }

  /// Without a word in a lab file, an empty disk is passed over, and one with content is not judged.
  @Test(arguments: [
    ("emptyDisk: {capacity: 1Gi}", true), ("containerDisk: {image: x}", true),
    ("containerDisk: {image: full}", false),
  ])
  func theFirstDeviceThatCanBoot(volume: String, isJudged: Bool) throws {
    var text = LabText()
    text.interface = "bridge: {}, bootOrder: 2"
    text.disks = [("bootOrder: 1, disk: {bus: virtio}", volume)]
    let image = DiskImage(path: "/full.img", format: "raw", virtualSize: 1 << 20)
    let machine = try text.machine(.fixed(.openVSwitch, diskImages: ["full": image]))
    #expect((machine.expectation != nil) == isJudged)
    #expect(machine.expectation.map(\.interface) == (isJudged ? "net" : nil))
  }
}
