import Addresses
import LabManifest
import Testing

@testable import Planning

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
      let words = ["{ \"pxl-s01beb566\" }", "add set", "@serving", "dl_vlan=100,"]
      #expect(words.contains { rule.contains($0) }, "\(rule)")
    }
    #expect(open.served == [TrunkPlan.Served(attachment: "net", vlan: VLANID(rawValue: 100))])
  }

  /// What `exec` runs on the served VLAN of the bridge serves too.
  @Test(
    arguments: [
      (DataplaneEngine.linuxBridge, "br0", 100, ["net"], "{ \"pxl-x0\" }"),
      (.linuxBridge, "br0", 7, ["net"], ""), (.linuxBridge, "br1", 100, ["net"], ""),
      (.linuxBridge, "br0", 100, [], ""), (.openVSwitch, "br0", 100, ["net"], ""),
    ] as [(DataplaneEngine, String, UInt16, [String], String)])
  func aPortServes(
    _ engine: DataplaneEngine, _ bridge: String, _ vlan: UInt16, _ served: [String],
    _ element: String
  ) throws {
    let plan = try plan(["eth1"], served: served, engine: engine)
    let port = PortPlan(
      device: "pxl-x0", peer: .namespace(name: "exec_0", address: nil),
      vlans: .access(try #require(VLANID(rawValue: vlan))))
    for (isServing, verb) in [(true, "add"), (false, "delete")] {
      let lines = plan.serving(port, on: bridge, isServing).compactMap(\.input)
      let line = "\(verb) element bridge pxelab-uplink serving \(element)\n"
      #expect(lines == (element.isEmpty ? [] : [line]))
    }
  }

  /// Whether a lab that is up has what `up` is asked for again.
  @Test(arguments: [
    (["eth1"], ["net"], true), (["br0=eth1"], ["net"], true), (["eth1"], [], false),
    (["eth2"], ["net"], false), (["br1=eth1"], ["net"], false), (["eth1", "eth2"], ["net"], false),
  ])
  func isTheSameRequest(_ interfaces: [String], _ served: [String], _ isSame: Bool) throws {
    let plan = try plan(["eth1"], served: ["net"])
    #expect(plan.has(UplinkRequest(interfaces: interfaces, served: served)) == isSame)
  }

  @Test(arguments: [
    (["eth1", "eth1"], [], "named twice"), ([""], [], "is not the name"),
    (["a-name-of-16-byt"], [], "is not the name"), (["../x"], [], "is not the name"),
    (["-x"], [], "is not the name"), (["br0"], [], "the lab itself has"),
    (["pxl-s01beb566"], [], "the lab itself has"),
    (["br9=eth1"], [], "has no bridge br9; it has br0"),
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
