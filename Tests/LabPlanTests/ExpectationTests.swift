import Addresses
import LabManifest
import Testing

@testable import LabPlan

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
}
