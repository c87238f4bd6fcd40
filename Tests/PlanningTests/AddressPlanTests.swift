import Addresses
import Testing

@testable import Planning

@Suite struct AddressPlanTests {
  private static func bridge(_ config: String, _ engine: DataplaneEngine = .linuxBridge) throws
    -> BridgePlan
  {
    var text = LabText(interface: "bridge: {}, macAddress: 02:00:00:00:00:01")
    text.config = config
    return try #require(try text.plan(try .fixed(engine)).dataplane.bridges.first)
  }

  @Test(arguments: [
    (#""subnet": "10.1.2.0/24""#, "10.1.2.2/24", "10.1.2.1"),
    (#""subnet": "10.1.2.0/24", "rangeStart": "10.1.2.7""#, "10.1.2.7/24", "10.1.2.1"),
    (#""subnet": "10.1.2.0/24", "gateway": "10.1.2.9""#, "10.1.2.1/24", "10.1.2.9"),
    (#""ranges": [[{"subnet": "10.9.0.0/16"}]]"#, "10.9.0.2/16", "10.9.0.1"),
  ])
  func hostLocal(_ ipam: String, _ address: String, _ gateway: String) throws {
    let bridge = try Self.bridge(
      #""type": "bridge", "bridge": "br0", "vlan": 7, "isGateway": true, "ipam": {"type": "#
        + #""host-local", \#(ipam)}"#)
    let server = try #require(bridge.addressServers.first)
    #expect(server.leases.map(\.mac.description) == ["02:00:00:00:00:01"])
    #expect(server.leases.first?.addresses.map { "\($0.address)" } == [address])
    let carried = try #require(bridge.gateways.first)
    #expect(carried.device == "br0.7" && carried.port != nil)
    #expect(carried.addresses.map { "\($0.address)" } == [gateway])
    let port = try #require(bridge.ports.last)
    #expect(port.vlans == table(7, untagged: [7]))
  }

  @Test func aStaticAddressHasTheGatewayThatThePluginWouldCompute() throws {
    let config =
      #""type": "bridge", "bridge": "br0", "isGateway": true, "ipam": {"type": "#
      + #""static", "addresses": [{"address": "10.1.2.5/24"}]}"#
    let bridge = try Self.bridge(config)
    #expect(
      bridge.gateways == [
        GatewayPlan(
          device: "br0", port: nil, vlan: nil,
          addresses: [try #require(IPNetwork("10.1.2.1/24"))])
      ])
    // The device of an Open vSwitch bridge may be a mirror.
    #expect(try Self.bridge(config, .openVSwitch).gateways.first?.device.hasPrefix("pxl-g") == true)
  }

  @Test func localnetSubnets() throws {
    let bridge = try Self.bridge(
      #""type": "ovn-k8s-cni-overlay", "topology": "localnet", "netAttachDefName": "#
        + #""default/net", "vlanID": 9, "subnets": "10.1.0.0/24", "excludeSubnets": "10.1.0.0/29""#,
      .openVSwitch)
    let lease = try #require(bridge.addressServers.first?.leases.first)
    #expect(lease.addresses.map { "\($0.address)" } == ["10.1.0.8/24"])
    #expect(lease.addresses.first?.gateway == nil)
  }

  @Test func masqueradingAttachmentsNeedTheWayOut() throws {
    func uplink(_ config: String?) throws -> UplinkPlan? {
      var text = LabText(interface: "bridge: {}, macAddress: 02:00:00:00:00:01")
      if let config { text.config = config }
      return try text.plan(try .fixed(.linuxBridge)).uplink
    }
    let masquerading = try uplink(
      #""type": "bridge", "bridge": "br0", "isGateway": true, "ipMasq": true, "ipam": {"type": "#
        + #""host-local", "subnet": "10.1.2.0/24"}"#)
    #expect(masquerading?.networks == ["net"])
    #expect(try uplink(nil) == nil)
  }

  @Test(arguments: [true, false])
  func theWayOutIsKeptWhereTheHostsNetworkIs(_ hasUsers: Bool) {
    let command = UplinkPlan(userNamespace: hasUsers, networks: [])
      .keeping("/bin/keeper", ["x"], sandbox: 42)
    #expect(
      command.arguments == ["--target=42"]
        + (hasUsers ? ["--user", "--preserve-credentials"] : [])
        + ["--mount", "--pid=/proc/42/ns/pid_for_children", "--", "/bin/keeper", "x"])
  }

  @Test func anExhaustedRangeIsRefused() throws {
    var text = LabText()
    text.config =
      #""type": "bridge", "bridge": "br0", "ipam": {"type": "host-local", "subnet": "#
      + #""10.1.2.0/24", "rangeStart": "10.1.2.1", "rangeEnd": "10.1.2.2"}"#
    let input = try text.input(
      """

      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: another}
      spec:
        domain: {memory: {guest: 1Gi}, devices: {interfaces: [{name: net, bridge: {}}]}}
        networks: [{name: net, multus: {networkName: net}}]
      """)
    let facts = try PlanningFacts.fixed()
    let error = #expect(throws: PlanningError.self) { try LabPlanner(input, facts: facts).plan() }
    #expect(error?.description.hasPrefix("net: ipam: no IP addresses available") == true)
  }
}
