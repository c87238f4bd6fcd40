import Addresses
import KubeVirt
import LabManifest
import Testing

/// What `pxelab init` writes is a lab without a problem, also at the ends of what can be asked.
@Suite struct LabTemplateTests {
  static let firmwares: [LabTemplate.Firmware] = [.bios, .uefi, .secureBoot]

  @Test(arguments: firmwares, [1, 100, 255, 256, 4094] as [UInt16])
  func isALabWithoutAProblem(firmware: LabTemplate.Firmware, number: UInt16) throws {
    let vlan = try #require(VLANID(rawValue: number))
    let template = LabTemplate(name: "my-lab", firmware: firmware, vlan: vlan)
    let manifests = template.files.filter { $0.name.hasSuffix(".yaml") }
    let input = LabInput(
      files: manifests.map { (path: $0.name, text: $0.text) }, folderName: "folder")
    #expect(input.problems == [])
    #expect(input.lab.notices == [])
    #expect(input.lab.name == "my-lab")
    let machine = try #require(input.machines.first)
    #expect(machine.secureBoot == (firmware == .secureBoot))
    #expect((machine.firmware.bootloader?.efi == nil) == (firmware == .bios))
    #expect(machine.startsAtOnce)
    #expect(input.attachments.map(\.vlan) == [vlan])
    #expect(input.lab.attachments.map(\.server?.vlan) == [vlan])
    #expect(input.lab.machines.map(\.expectation.bootFrom) == ["pxe"])
    #expect(input.lab.machines.map(\.expectation.vlan) == [vlan])
  }

  @Test(arguments: ["", "My-Lab", "a b", "../a", "-a", String(repeating: "a", count: 64)])
  func badNamesAreObjectedTo(name: String) {
    #expect(LabTemplate.objection(toName: name) != nil)
  }
}
