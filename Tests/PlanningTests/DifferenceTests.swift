import Addresses
import NetworkAttachment
import Objects
import Testing

@testable import Planning

@Suite struct DifferenceTests {
  /// The state that a plan would have if it were carried out to the letter.
  private static func state(of plan: DataplanePlan) -> DataplaneState {
    DataplaneState(
      bridges: plan.bridges.map { bridge in
        BridgeState(
          device: bridge.device, mtu: bridge.mtu ?? 1500, filtersVLANs: bridge.filtersVLANs,
          isPromiscuous: bridge.isPromiscuous,
          addresses: Dictionary(
            uniqueKeysWithValues: bridge.gateways.map { ($0.device, $0.addresses) }))
      },
      ports: plan.bridges.flatMap(\.ports).map { port in
        PortState(
          device: port.device, vlans: port.vlans, mtu: port.mtu ?? 1500,
          isHairpin: port.isHairpin, isIsolated: port.isIsolated,
          allowedSource: port.allowedSource)
      })
  }

  @Test(arguments: [
    (#""type": "bridge", "bridge": "br0", "vlan": 100"#, []),
    (
      #""type": "bridge", "bridge": "br0", "vlan": 200"#,
      ["vlan: 100 PVID Egress Untagged / 200 PVID Egress Untagged"]
    ),
    (
      #""type": "bridge", "bridge": "br0", "vlan": 100, "mtu": 9000"#,
      ["mtu: 1500 / 9000", "mtu: 1500 / 9000"]
    ),
    (
      #""type": "bridge", "bridge": "br0", "vlan": 100, "macspoofchk": true"#,
      ["macspoofchk: false / 02:00:00:00:00:01"]
    ),
    (
      #""type": "bridge", "bridge": "br0", "vlan": 100, "hairpinMode": true, "#
        + #""portIsolation": true"#,
      ["hairpinMode: false / true", "portIsolation: false / true"]
    ),
    (
      #""type": "bridge", "bridge": "br0", "vlan": 100, "promiscMode": true"#,
      ["promiscMode: false / true"]
    ),
  ])
  func lab(_ config: String, _ expected: [String]) throws {
    var text = LabText(interface: "bridge: {}, macAddress: 02:00:00:00:00:01")
    let plan = try text.plan().dataplane
    text.config = config
    let asked = plan.asked(by: ["net": try #require(try text.input().attachments.first)])
    let differences = Self.state(of: plan).differences(from: asked)
    #expect(differences.map { "\($0.property): \($0.has) / \($0.asks)" } == expected)
  }

  @Test func whatIsNotThereIsADifference() throws {
    let plan = try LabText().plan().dataplane
    let nothing = DataplaneState(bridges: [], ports: [])
    let differences = nothing.differences(from: plan.bridges)
    #expect(differences.map(\.property).starts(with: ["bridge", "port"]))
    #expect(differences.allSatisfy { $0.has == "none" })
  }

  @Test func onlyBridgesOfTheAttachmentsAreCompared() throws {
    let plan = try LabText().plan().dataplane
    #expect(plan.asked(by: [:]).isEmpty)
  }
}
