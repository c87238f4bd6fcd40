import NetworkAttachment
import Testing

@testable import Dataplane

@Suite struct LinuxBridgePortTableTests {
  @Test(arguments: [
    ("br0", table(1, untagged: [1])),
    ("access", table(100, untagged: [100])),
    ("trunk", table(nil, tagged: Array(200...210) + [300])),
    ("hybrid", table(1, untagged: [1], tagged: [50, 51, 52])),
    ("kept", table(100, untagged: [1, 100])),
  ])
  func port(_ device: String, _ expected: PortVLANs) throws {
    let ports = try LinuxBridgePortTable.decode(try fixture("bridge-vlan.json"))
    #expect(ports.first { $0.device == device }?.vlans == expected)
  }

  @Test func aPortWithoutVLANsIsNotListed() throws {
    let ports = try LinuxBridgePortTable.decode(try fixture("bridge-vlan.json"))
    #expect(ports.map(\.device) == ["br0", "access", "trunk", "hybrid", "kept"])
  }

  @Test(arguments: ["", "port  vlan-id", #"{"ifname":"br0"}"#, #"[{"vlans":[]}]"#])
  func anythingElseIsAnErrorThatNamesTheCommand(_ answer: String) {
    let error = #expect(throws: PortTableError.self) { try LinuxBridgePortTable.decode(answer) }
    #expect(error?.description.contains("`bridge -json vlan show`") == true)
  }
}

@Suite struct OpenVSwitchPortTableTests {
  /// A trunk that is said to be one and has no VLANs carries all of them.
  @Test func aTrunkWithoutTrunksCarriesEveryVLAN() throws {
    let ports = try OpenVSwitchPortTable.decode(
      #"{"data":[["p",["set",[]],["set",[]],"trunk",false]],"headings":["name","tag","trunks","vlan_mode","protected"]}"#
    )
    #expect(ports.map(\.vlans) == [.everyVLAN])
    #expect(PortVLANs.everyVLAN.description == "1 PVID Egress Untagged, 2-4094")
  }

  @Test(arguments: [
    ("access", table(100, untagged: [100])),
    ("untagged", table(1, untagged: [1])),
    ("tagonly", table(7, untagged: [7])),
    ("trunk", table(nil, tagged: [200, 201, 300])),
    ("one", table(nil, tagged: [200])),
    ("native", table(1, untagged: [1], tagged: [50, 51])),
    ("plain", table(nil)),
    ("br0", table(nil)),
  ])
  func port(_ device: String, _ expected: PortVLANs) throws {
    let ports = try OpenVSwitchPortTable.decode(try fixture("ovs-port.json"))
    #expect(ports.count == 8)
    #expect(ports.first { $0.device == device }?.vlans == expected)
  }

  @Test(arguments: [
    "", #"{"data":[]}"#, #"{"data":[[["map",[]]]],"headings":["name"]}"#,
    #"{"data":[[7]],"headings":["tag"]}"#,
  ])
  func anythingElseIsAnErrorThatNamesTheCommand(_ answer: String) {
    let error = #expect(throws: PortTableError.self) { try OpenVSwitchPortTable.decode(answer) }
    #expect(error?.description.contains("`ovs-vsctl list port`") == true)
  }
}
