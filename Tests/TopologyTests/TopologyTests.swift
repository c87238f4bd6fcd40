import Addresses
import Foundation
import NetworkAttachment
import Planning
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
  func drawing(_ path: String) async throws {
    let file = Drawing.root.appending(path: path)
    let topology =
      path.contains("networks")
      ? try await Drawing.made(machines: 3, attachments: Self.attachments)
      : try await Drawing.shipped("secureboot")
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

  /// The fabric with its servers, each node's bridge with an uplink or without one.
  @Test func nodesAndTheFabricAreDrawn() async throws {
    let folder = Drawing.root.appending(path: "labs/faults/bridge-without-uplink")
    let texts = try ["lab.yaml", "network.yaml", "machines.yaml", "nodes.yaml"].map {
      try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
    }
    let topology = try await Drawing.nodes(texts)
    #expect(topology.nodes == ["node01", "node02"])
    #expect(topology.bridges.map(\.node) == [nil, "node01", "node02"])
    #expect(
      topology.bridges.map { $0.ports.map(\.kind) } == [[.server, .node], [.fabric], [.machine]])
    #expect(topology.bridges[1].ports[0].tagged.map(\.rawValue) == [100])
    for words in [
      "nodes: node01, node02", "fabric br-pxe", "bridge br-pxe of node02", "uplink of node01",
      "uplink to the fabric",
    ] {
      #expect(topology.text.contains(words), "\(words)")
    }
    #expect(topology.mermaid.contains("b1 == \"tagged 100\" === b0"))
    #expect(topology.svg.contains("node02 · Linux bridge"))
    let json = try topology.json
    #expect(try JSONDecoder().decode(Topology.self, from: Data(json.utf8)) == topology)
    let single = try await Drawing.made(machines: 1, attachments: Self.attachments)
    #expect(single.nodes == nil)
  }

  @Test func theJSONIsReadBack() async throws {
    let topology = try await Drawing.made(machines: 2, attachments: Self.attachments)
    let json = try topology.json
    #expect(try JSONDecoder().decode(Topology.self, from: Data(json.utf8)) == topology)
  }

  @Test func aRunningLabShowsStagesAndAddresses() async throws {
    let folder = Drawing.root.appending(path: "labs/minimal/machine.yaml")
    let plan = try await Drawing.plan([try String(contentsOf: folder, encoding: .utf8)])
    let mac = try #require(plan.machines.first?.interfaces.first?.mac)
    let topology = Topology(
      plan,
      state: TopologyState(
        phase: "running", stages: ["node-1": "nbp"],
        addresses: [mac: try #require(IPv4Address("192.168.20.77"))]))
    for drawing in [topology.text, topology.svg, try topology.json, topology.mermaid] {
      #expect(drawing.contains("192.168.20.77"))
    }
    #expect(topology.text.contains("lab lab: running, drawn as planned, Linux bridge"))
    #expect(topology.text.contains("192.168.20.77, nbp"))
    #expect(topology.svg.contains(">nbp<"))
  }

  /// Ports as they are, what differs from the plan marked, and who came later.
  @Test func aRunningLabShowsWhatIsThere() async throws {
    let folder = Drawing.root.appending(path: "labs/minimal/machine.yaml")
    let plan = try await Drawing.plan([try String(contentsOf: folder, encoding: .utf8)])
    let bridge = try #require(plan.dataplane.bridges.first)
    let ports = bridge.ports.map { PortState(device: $0.device, vlans: $0.vlans) }
    let server = try #require(ports.firstIndex { $0.device.hasPrefix("pxl-s") })
    let twenty = try #require(VLANID(rawValue: 20))
    let thirty = try #require(VLANID(rawValue: 30))
    let program = ProgramPort(
      attachment: "provisioning", bridge: bridge.device,
      port: PortPlan(
        device: "pxl-x0",
        peer: .namespace(name: "exec_0", address: IPv4Network("192.168.20.254/24")),
        vlans: .access(twenty)))
    func topology(_ ports: [PortState]) -> Topology {
      let here = ports + [PortState(device: "pxl-x0", vlans: program.port.vlans)]
      return Topology(
        plan,
        state: TopologyState(
          phase: "running", stages: [:], addresses: [:],
          dataplane: DataplaneState(bridges: [], ports: here), programs: [program]))
    }
    let right = topology(ports)
    #expect(right.source == .dataplane)
    for drawing in [right.text, right.mermaid, right.svg] {
      #expect(drawing.contains("exec @provisioning") && drawing.contains("exec_0"))
      #expect(!drawing.contains("planned") && !drawing.contains("pill different"))
    }
    var other = ports
    other[server].vlans = PortVLANs(pvid: thirty, untagged: [thirty], tagged: [twenty])
    let wrong = topology(other)
    for drawing in [wrong.text, wrong.mermaid, wrong.svg] {
      #expect(drawing.contains("PVID 30, tagged 20, planned PVID 20"), "\(drawing)")
    }
    #expect(wrong.svg.contains("pill different"))
    let gone = topology(ports.filter { $0.device != ports[server].device })
    #expect(gone.text.contains("missing, planned PVID 20"))
    #expect(try gone.json.contains(#""isMissing" : true"#))
  }

  @Test func theNodesAddressesAreDrawn() async throws {
    let attachment = """
      "bridge": "br1", "vlan": 100, "isGateway": true,
        "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"}
      """
    let topology = try await Drawing.made(machines: 1, attachments: [attachment])
    for drawing in [topology.text, topology.mermaid, topology.svg] {
      #expect(drawing.contains("10.1.0.1/24"), "\(drawing)")
      #expect(drawing.contains("addresses of net0"), "\(drawing)")
    }
    #expect(topology.text.contains("lab lab: not up, drawn as planned"))
  }

  @Test(arguments: [
    ([100], "100"), ([1, 2, 3, 5], "1-3, 5"), ([], ""), ([4094, 4093, 7], "7, 4093-4094"),
  ])
  func ranges(_ numbers: [UInt16], _ text: String) {
    #expect(VLANText.ranges(numbers.compactMap(VLANID.init(rawValue:))) == text)
  }
}
