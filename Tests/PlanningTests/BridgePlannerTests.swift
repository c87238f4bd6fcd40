import Addresses
import NetworkAttachment
import Testing

@testable import Planning

@Suite struct BridgePlannerTests {
  private static func bridges(_ config: String, _ engine: DataplaneEngine = .linuxBridge) throws
    -> [BridgePlan]
  {
    var text = LabText()
    text.config = config
    return try text.plan(try .fixed(engine)).dataplane.bridges
  }

  @Test(arguments: [
    (#""type": "bridge", "bridge": "br0""#, false),
    (#""type": "bridge", "bridge": "br0", "vlan": 100"#, true),
    (#""type": "bridge", "bridge": "br0", "vlanTrunk": []"#, true),
  ])
  func aBridgeFiltersVLANsWhenItsAttachmentsAsk(_ config: String, _ filters: Bool) throws {
    let bridge = try #require(try Self.bridges(config).first)
    #expect(bridge.filtersVLANs == filters)
  }

  @Test func fieldsReachTheirPortAndBridge() throws {
    var text = LabText()
    text.interface = "bridge: {}, macAddress: 02:00:00:00:00:01"
    text.config = """
      "type": "bridge", "bridge": "br0", "vlan": 100, "macspoofchk": true, "portIsolation": true, \
      "hairpinMode": true, "mtu": 9000
      """
    let plan = try text.plan()
    #expect(plan.machines.first?.domainXML.contains(#"<mtu size="9000""#) == true)
    let bridge = try #require(plan.dataplane.bridges.first)
    #expect(bridge.mtu == 9000)
    let port = try #require(bridge.ports.last)
    #expect(
      port
        == PortPlan(
          device: "pxl-t2f0b83d2", peer: .machine(name: "m", interface: "net"), attachment: "net",
          vlans: table(100, untagged: [100]), mtu: 9000, mac: MACAddress("02:00:00:00:00:01"),
          checksSource: true, isHairpin: true, isIsolated: true))
    let promiscuous = #""type": "bridge", "bridge": "br0", "promiscMode": true"#
    #expect(try Self.bridges(promiscuous).first?.isPromiscuous == true)
  }

  @Test func attachmentsOfOneBridgeShareIt() throws {
    let more = """

      ---
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: promiscuous}
      spec: {config: '{"cniVersion": "0.3.1", "name": "promiscuous", "type": "bridge",
        "bridge": "br0", "promiscMode": true, "mtu": 1400}'}
      ---
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: other}
      spec: {config: '{"cniVersion": "0.3.1", "name": "other", "type": "bridge", "bridge": "br1"}'}
      """
    let plan = try LabPlanner(try LabText().input(more), facts: .fixed()).plan()
    #expect(plan.dataplane.bridges.map(\.device) == ["br0", "br1"])
    #expect(plan.dataplane.bridges.map(\.filtersVLANs) == [true, false])
    #expect(plan.dataplane.bridges.first?.isPromiscuous == true)
    #expect(plan.notices.contains { $0.contains("others on the bridge br0 have 1500") })
  }

  @Test(arguments: [
    (
      #""type": "ovn-k8s-cni-overlay", "topology": "localnet", "netAttachDefName": "default/net""#,
      DataplaneEngine.linuxBridge, "Open vSwitch"
    ),
    (
      #""type": "bridge", "vlan": 100, "vlanTrunk": [{"minID": 1, "maxID": 3}]"#,
      .openVSwitch, "take 1 out of vlanTrunk"
    ),
  ])
  func whatTheEngineCannotDoIsRefused(
    _ config: String, _ engine: DataplaneEngine, _ wayOut: String
  ) throws {
    var text = LabText()
    text.config = config
    let input = try text.input()
    let facts = try PlanningFacts.fixed(engine)
    let error = #expect(throws: PlanningError.self) {
      try LabPlanner(input, facts: facts).plan()
    }
    let message = try #require(error?.description)
    #expect(message.hasPrefix("net: ") && message.contains(wayOut), "\(message)")
  }
}
