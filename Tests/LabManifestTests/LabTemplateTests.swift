import Addresses
import KubeVirt
import LabManifest
import Testing

/// What `pxelab init` writes is a lab without a problem, also at the ends of what can be asked.
@Suite struct LabTemplateTests {
  @Test(arguments: LabTemplate.Kind.allCases, [1, 100, 255, 256, 4094] as [UInt16])
  func isALabWithoutAProblem(kind: LabTemplate.Kind, number: UInt16) throws {
    let vlan = try #require(VLANID(rawValue: number))
    let template = LabTemplate(name: "my-lab", kind: kind, vlan: vlan)
    let manifests = template.files.filter { $0.name.hasSuffix(".yaml") }
    let input = LabInput(
      files: manifests.map { (path: $0.name, text: $0.text) }, folderName: "folder")
    #expect(input.problems == [])
    #expect(input.lab.notices == [])
    #expect(input.lab.name == "my-lab")
    let machine = try #require(input.machines.first)
    #expect(machine.secureBoot == (kind == .secureBoot))
    #expect((machine.firmware.bootloader?.efi == nil) == kind.rawValue.hasPrefix("bios"))
    #expect(machine.startsAtOnce)
    #expect(input.attachments.map(\.vlan) == [vlan])
    #expect(input.lab.attachments.map(\.server?.vlan) == [vlan])
    let expectation = try #require(input.lab.machines.first?.expectation)
    #expect(expectation.earlierBoots == (kind == .install ? ["pxe"] : []))
    #expect(expectation.bootFrom == (kind == .install ? "disk" : "pxe"))
    let server = try #require(input.lab.attachments.first?.server)
    #expect(server.methods == Self.methods[kind, default: [.pxev4, .httpv4]])
    #expect(server.bootFile == Self.bootFiles[kind])
    #expect(server.iPXEScript == (kind == .biosUndionly ? "undionly.ipxe" : nil))
    #expect(server.image == (kind == .install ? "debian-install" : "debian-secureboot"))
    #expect(input.lab.machines.map(\.expectation.vlan) == [vlan])
  }

  @Test(arguments: [1, 2, 3, LabNode.most])
  func hasTheNodesThatAreAskedFor(count: Int) throws {
    let vlan = try #require(VLANID(rawValue: 100))
    let template = LabTemplate(name: "my-lab", vlan: vlan, nodes: count)
    let input = LabInput(
      files: template.files.filter { $0.name.hasSuffix(".yaml") }
        .map { (path: $0.name, text: $0.text) }, folderName: "folder")
    #expect(input.problems == [])
    #expect(input.nodes.count == count)
  }

  /// By what the server of a kind boots; the others by what is usual.
  static let methods: [LabTemplate.Kind: [BootMethod]] = [
    .uefiPXEv6: [.pxev6], .uefiHTTP: [.httpv4], .uefiHTTPv6: [.httpv6], .uefiHTTPS: [.httpsv4],
    .uefiHTTPSv6: [.httpsv6],
  ]

  static let bootFiles: [LabTemplate.Kind: String] = [
    .biosPXELINUX: "pxelinux.0", .uefiSNPOnly: "snponly.efi",
  ]

  @Test(arguments: ["", "My-Lab", "a b", "../a", "-a", String(repeating: "a", count: 64)])
  func badNamesAreObjectedTo(name: String) {
    #expect(LabTemplate.objection(toName: name) != nil)
  }
}
