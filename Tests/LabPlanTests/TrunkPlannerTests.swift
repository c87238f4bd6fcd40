import Addresses
import LabManifest
import Testing

@testable import LabPlan

/// Interfaces of the host's that join a lab's bridge.
@Suite struct TrunkPlannerTests {
  private func plan(
    _ interfaces: [String], served: [String] = [], engine: DataplaneEngine = .openVSwitch,
    isRoot: Bool = true, text: LabText = LabText(), more: String = ""
  ) throws -> LabPlan {
    var facts = try PlanningFacts.fixed(engine, isRoot: isRoot)
    facts.uplinks = UplinkRequest(interfaces: interfaces, served: served)
    return try LabPlanner(try text.input(more), facts: facts).plan()
  }

  @Test func theTrunkCarriesTheBridgesVLANs() throws {
    let trunk = try #require(
      try plan(
        ["eth1"],
        text: LabText(
          config: #""type": "bridge", "bridge": "br0", "vlan": 7, "vlanTrunk": [{"id": 9}]"#),
        more: """

          ---
          apiVersion: k8s.cni.cncf.io/v1
          kind: NetworkAttachmentDefinition
          metadata: {name: flat}
          spec: {config: '{"cniVersion": "0.3.1", "name": "flat", "type": "bridge", "bridge": "br0"}'}
          """
      ).trunks.first)
    #expect(trunk.interface == "eth1" && trunk.bridge == "br0")
    #expect(trunk.vlans.tagged.map(\.rawValue) == [7, 9])
    #expect(trunk.vlans.pvid == .bridgeDefault, "an attachment without a VLAN is untagged outside")
    #expect(trunk.served.isEmpty)
  }

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func noDHCPGoesOutUnlessAskedFor(_ engine: DataplaneEngine) throws {
    let closed = try #require(try plan(["br0=eth1"], engine: engine).trunks.first)
    let served = LabText(interface: "bootOrder: 1, bridge: {}")
    let open = try #require(
      try plan(["eth1"], served: ["net"], engine: engine, text: served).trunks.first)
    let rules = try [closed, open].map { trunk in
      let isRules: (String) -> Bool = { ["nft", "ovs-ofctl"].contains($0) }
      let index = try #require(trunk.join.firstIndex { isRules($0.program) })
      // On the Linux bridge the rules come first; Open vSwitch's bridge passes nothing before them.
      #expect(engine == .openVSwitch || index == 0)
      return try #require(trunk.join[index].input)
    }
    #expect(!rules[0].contains("accept\n") && !rules[0].contains("priority=20"))
    let passed = rules[1].split(separator: "\n").filter { !rules[0].contains($0) }
    #expect(!passed.isEmpty)
    for rule in passed {
      #expect(rule.contains("\"pxl-s0\"") || rule.contains("dl_vlan=100,"), "\(rule)")
    }
    #expect(open.served == [TrunkPlan.Served(attachment: "net", vlan: VLANID(rawValue: 100))])
  }

  @Test(arguments: [
    (["eth1", "eth1"], [], "named twice"), ([""], [], "is not the name"),
    (["a-name-of-16-byt"], [], "is not the name"), (["../x"], [], "is not the name"),
    (["-x"], [], "is not the name"), (["br0"], [], "the lab itself has"),
    (["pxl-s0"], [], "the lab itself has"), (["br9=eth1"], [], "has no bridge br9; it has br0"),
    (["eth1"], ["other"], "has no network attachment other"), ([], ["net"], "add --uplink"),
  ])
  func isRefused(_ interfaces: [String], _ served: [String], _ words: String) throws {
    let error = #expect(throws: PlanningError.self) { try plan(interfaces, served: served) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func onlyRootHasUplinks() throws {
    let error = #expect(throws: PlanningError.self) { try plan(["eth1"], isRoot: false) }
    #expect(error?.description.contains("only root") == true)
  }
}
