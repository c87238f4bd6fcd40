import Addresses
import Foundation
import LabPlan
import Testing

@testable import Topology

/// Whole drawings against files that a person has looked at.
@Suite struct TopologyTests {
  static let attachments = [
    #""bridge": "br-pxe", "vlan": 100"#, #""bridge": "br-storage", "vlan": 200"#,
    #""bridge": "br-pxe", "vlan": 300, "vlanTrunk": [{"minID": 400, "maxID": 410}, {"id": 500}]"#,
    #""bridge": "a-bridge-of-a-long-name""#,
  ]

  /// The drawings, each with the file that it must equal, from the repository's root.
  @Test(arguments: [
    "Tests/TopologyTests/Fixtures/secureboot.txt",
    "Tests/TopologyTests/Fixtures/secureboot.mermaid",
    "Tests/TopologyTests/Fixtures/secureboot.json", "docs/images/topology.svg",
    "Tests/TopologyTests/Fixtures/networks.txt", "Tests/TopologyTests/Fixtures/networks.mermaid",
    "Tests/TopologyTests/Fixtures/networks.json", "Tests/TopologyTests/Fixtures/networks.svg",
  ])
  func drawing(_ path: String) throws {
    let file = Drawing.root.appending(path: path)
    let topology =
      path.contains("networks")
      ? try Drawing.made(machines: 3, attachments: Self.attachments)
      : try Drawing.shipped("secureboot")
    let text =
      switch file.pathExtension {
      case "txt": topology.text
      case "mermaid": topology.mermaid
      case "json": try topology.json
      default: topology.svg
      }
    if ProcessInfo.processInfo.environment["PXELAB_WRITE_FIXTURES"] != nil {
      try Data((text + "\n").utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    let isSame = text + "\n" == expected
    #expect(isSame, "\(path) is another: PXELAB_WRITE_FIXTURES=1 writes it, then look at it")
  }

  @Test func theJSONIsReadBack() throws {
    let topology = try Drawing.made(machines: 2, attachments: Self.attachments)
    let json = try topology.json
    #expect(try JSONDecoder().decode(Topology.self, from: Data(json.utf8)) == topology)
  }

  @Test func aRunningLabShowsStagesAndAddresses() throws {
    let folder = Drawing.root.appending(path: "labs/minimal/machine.yaml")
    let plan = try Drawing.plan([try String(contentsOf: folder, encoding: .utf8)])
    let mac = try #require(plan.machines.first?.interfaces.first?.mac)
    let topology = Topology(
      plan,
      state: TopologyState(
        phase: "running", stages: ["node-1": "nbp"],
        addresses: [mac: try #require(IPv4Address("192.168.20.77"))]))
    for drawing in [topology.text, topology.svg, try topology.json, topology.mermaid] {
      #expect(drawing.contains("192.168.20.77"))
    }
    #expect(topology.text.contains("lab lab: running, Linux bridge"))
    #expect(topology.text.contains("192.168.20.77, nbp"))
    #expect(topology.svg.contains(">nbp<"))
  }

  @Test(arguments: [
    ([100], "100"), ([1, 2, 3, 5], "1-3, 5"), ([], ""), ([4094, 4093, 7], "7, 4093-4094"),
  ])
  func ranges(_ numbers: [UInt16], _ text: String) {
    #expect(VLANText.ranges(numbers.compactMap(VLANID.init(rawValue:))) == text)
  }
}
