import Addresses
import LabManifest
import NetworkAttachment
import Objects
import Testing

@testable import Planning

/// What each agent of a lab with several nodes makes of the network.
@Suite("Several nodes and the fabric") struct FabricTests {
  private static let lab = """

    ---
    apiVersion: pxelab.dev/v1alpha1
    kind: Lab
    metadata: {name: lab}
    spec: {nodes: 2}
    """

  private func plan(
    _ role: NodeRole, joined: [JoinedUplink] = [], policies: String = "",
    engine: DataplaneEngine = .openVSwitch
  ) throws -> LabPlan {
    try LabPlanner(
      try LabText(interface: "bridge: {}, bootOrder: 1").input(Self.lab + policies),
      facts: .fixed(engine), instances: role == .fabric ? [] : nil, role: role,
      joined: joined
    ).plan()
  }

  private static func policy(
    _ port: String, selector: String = "kubernetes.io/hostname: node01"
  ) -> String {
    """

    ---
    apiVersion: nmstate.io/v1
    kind: NodeNetworkConfigurationPolicy
    metadata: {name: p}
    spec:
      nodeSelector: {\(selector)}
      desiredState:
        interfaces:
        - {name: br0, type: linux-bridge, bridge: {port: [\(port)]}}
    """
  }

  @Test func eachAgentHasARole() throws {
    let plan = try plan(.lab)
    #expect(plan.nodes == ["node01", "node02"] && plan.hasFabric)
    #expect(plan.roles == [.fabric, .node("node01"), .node("node02")])
    let alone = try LabText().plan()
    #expect(alone.roles == [.only("node01")] && !alone.hasFabric)
  }

  @Test func aNodeHasItsMachinesAndAnUplink() throws {
    let plan = try plan(.node("node01"))
    let bridge = try #require(plan.dataplane.bridges.first)
    #expect(bridge.ports.map(\.title) == ["m/net", "uplink"])
    let uplink = try #require(bridge.ports.last)
    #expect(uplink.peer == .fabric && uplink.vlans == .everyVLAN)
    #expect(uplink.device != (try self.plan(.node("node02")).dataplane.bridges[0].ports[1].device))
    let made = plan.dataplane.setUp.compactMap(\.input).joined()
    #expect(
      made.contains(
        "link add name \(uplink.device) type veth peer name \(uplink.device) netns pxelab_fabric"))
    #expect(plan.joinedUplinks(session: "ab") == "ab \(uplink.device)")
    #expect(plan.trunks.isEmpty)
  }

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func theFabricHasTheServerAndWhatNodesPlugIn(_ engine: DataplaneEngine) throws {
    let device = try #require(
      try plan(.node("node02"), engine: engine).dataplane.bridges.first?.ports.last?.device)
    let before = try plan(.fabric, engine: engine)
    #expect(before.dataplane.bridges.first?.ports.map(\.title) == ["server/net"])
    let uplink = JoinedUplink(node: "node02", session: "1", device: device)
    let after = try plan(
      .fabric, joined: [uplink, JoinedUplink(node: "node02", session: "1", device: "other")],
      engine: engine)
    #expect(after.dataplane.bridges.first?.ports.map(\.title) == ["server/net", "node/node02"])
    let joining = after.dataplane.changes(from: before.dataplane)
    #expect(!joining.contains { $0.input?.contains("link add") ?? false }, "the node has made it")
    #expect(joining.contains { ($0.input ?? "").contains("link set dev \(device)") })
    // The next life of the node has a device of the same name, which is another.
    var reborn = uplink
    reborn.session = "2"
    let again = try plan(.fabric, joined: [reborn], engine: engine).dataplane
    let words = again.changes(from: after.dataplane).map { "\($0.program) \($0.arguments)" }
    #expect(!words.contains { $0.contains("\"delete\"") }, "the old one went with its node")
    #expect(words.contains { $0.contains("del-port") } == (engine == .openVSwitch))
    // A switch that is started again does not wait for the devices of a node that is gone.
    let waits = again.daemons.last?.restore.flatMap(\.arguments) ?? []
    #expect(!waits.contains(device))
  }

  @Test func theUplinkCarriesWhatThePolicySays() throws {
    let cases: [(port: String, vlans: PortVLANs?)] = try [
      ("{name: eth1}", .everyVLAN),
      ("", nil),
      (
        "{name: eth1, vlan: {mode: trunk, trunk-tags: [{id: 100}]}}", PortVLANs(tagged: [vlan(100)])
      ),
      (
        "{name: eth1, vlan: {mode: trunk, trunk-tags: [{id-range: {min: 7, max: 9}}], enable-native: true, tag: 1}}",
        PortVLANs(
          pvid: .bridgeDefault, untagged: [.bridgeDefault], tagged: [vlan(7), vlan(8), vlan(9)])
      ),
      ("{name: eth1, vlan: {mode: access, tag: 100}}", .access(vlan(100))),
    ]
    for (port, vlans) in cases {
      let bridge = try #require(
        try plan(.node("node01"), policies: Self.policy(port)).dataplane.bridges.first)
      #expect(bridge.ports.first { $0.peer == .fabric }?.vlans == vlans, "\(port)")
    }
  }

  @Test func aBridgeThatPoliciesMakeElsewhereHasNoUplink() throws {
    let policy = Self.policy("{name: eth1}")
    let first = try plan(.node("node01"), policies: policy)
    let second = try plan(.node("node02"), policies: policy)
    #expect(first.dataplane.bridges[0].ports.count == 2)
    #expect(second.dataplane.bridges[0].ports.map(\.title) == ["m/net"])
    #expect(second.machines[0].places[.uplink] != nil, "which policy it is")
    let worker = Self.policy("{name: eth1}", selector: "node-role.kubernetes.io/worker: ''")
    #expect(try plan(.node("node02"), policies: worker).dataplane.bridges[0].ports.count == 2)
  }

  @Test func aBridgeOfAnotherNameIsEmpty() throws {
    let policy = Self.policy("{name: eth1}").replacing("br0", with: "br-0")
    let bridge = try #require(try plan(.node("node01"), policies: policy).dataplane.bridges.first)
    #expect(bridge.ports.map(\.title) == ["m/net"] && bridge.absence == .otherName("br-0"))
  }

  @Test func theCardOfANodeHasItsOwnMTU() throws {
    let policy = Self.policy("{name: eth1}").replacing(
      "interfaces:", with: "interfaces:\n    - {name: eth1, type: ethernet, mtu: 1400}")
    #expect(
      try plan(.node("node01"), policies: policy).dataplane.bridges[0].ports.last?.mtu == 1400)
    #expect(try plan(.node("node02"), policies: policy).dataplane.bridges[0].ports.last?.mtu == nil)
  }

  @Test func whatNoPolicySaysIsSaid() throws {
    #expect(
      try plan(.lab).notices.contains { $0.hasPrefix("br0: no NodeNetworkConfigurationPolicy") })
    let policy = Self.policy("{name: eth1}")
    #expect(!(try plan(.lab, policies: policy).notices.contains { $0.contains("trunk of all") }))
  }

  @Test func filesOfANodeAreItsOwn() throws {
    let paths = LabPaths(stateDirectory: "/s", lab: "l")
    #expect(paths.files(of: .only("node01")).openVSwitch == "/s/labs/l/ovs")
    #expect(paths.files(of: .fabric).capture("br0") == "/s/labs/l/br0.pcapng")
    #expect(paths.files(of: .node("n1")).capture("br0") == "/s/labs/l/node-n1/br0.pcapng")
    #expect(NodeRole.node("n1").title(of: "libvirtd") == "libvirtd of n1")
    #expect(NodeRole.only("n1").title(of: "libvirtd") == "libvirtd")
  }

  @Test func uplinksAreReadFromTheNode() {
    let node: ObjectNode = [
      "metadata": ["annotations": ["pxelab.dev/uplinks": "7f pxl-n1 pxl-n2"]]
    ]
    #expect(
      JoinedUplink.uplinks(of: "node01", node) == [
        JoinedUplink(node: "node01", session: "7f", device: "pxl-n1"),
        JoinedUplink(node: "node01", session: "7f", device: "pxl-n2"),
      ])
    #expect(JoinedUplink.uplinks(of: "node01", [:]).isEmpty)
  }

  private func vlan(_ number: UInt16) throws -> VLANID {
    try #require(VLANID(rawValue: number))
  }
}
