import NetworkAttachment
import Objects
import Testing

@Suite struct ReviewTests {
  private func review(
    _ fields: String, plugins: String = "1.9.1", type: String = "bridge"
  ) throws -> [Problem] {
    let text = #"{"cniVersion": "0.3.1", "name": "n", "type": "\#(type)", \#(fields)}"#
    let plugins = try #require(CNIPluginsVersion(plugins))
    return try #require(NetworkAttachmentReview(path: "n", text: text, plugins: plugins)).problems
  }

  @Test func aConfigurationThatMeansTheSameEverywhereHasNoProblem() throws {
    #expect(try review(#""bridge": "br1""#).isEmpty)
  }

  /// One row: the release, the fields, and what some warning begins with.
  @Test(arguments: [
    ("1.1.1", #""vlanTrunk": [{"id": 7}]"#, "vlanTrunk is known from plugin 1.3.0 on: 1.1.1"),
    ("1.1.1", #""portIsolation": true"#, "portIsolation is known from plugin 1.7.0 on: 1.1.1"),
    (
      "1.4.0", #""disableContainerInterface": true"#,
      "disableContainerInterface is known from plugin 1.4.1 on: 1.4.0 ignores it"
    ),
    (
      "1.7.1", #""vlan": 100"#,
      "VLAN 1 stays on the port beside VLAN 100: the machine hears the broadcasts of the bridge's"
        + " default VLAN; write \"preserveDefaultVlan\": false"
    ),
    ("1.1.1", #""vlan": 100"#, "VLAN 1 stays on the port beside VLAN 100"),
    ("1.9.1", #""vlanTrunk": [{"id": 7}]"#, "VLAN 1 is the port's native VLAN"),
    (
      "1.9.1", #""vlan": 100, "vlanTrunk": [{"minID": 99, "maxID": 101}]"#,
      "the port has no native VLAN"
    ),
    (
      "1.9.1", #""vlan": 100"#,
      "releases of the plugin disagree: 1.0.0 to 1.7.1: the port has VLAN 1 untagged on the way"
        + " out only, VLAN 100 untagged (native); 1.8.0 and later: the port has VLAN 100 untagged"
    ),
    (
      "1.9.1", #""vlan": 100, "vlanTrunk": [{"id": 7}]"#,
      "releases of the plugin disagree: 1.0.0 to 1.2.0: the port has VLAN 1 untagged on the way"
        + " out only, VLAN 100 untagged (native); 1.3.0 to 1.7.1: refused with \"cannot set vlan"
        + " and vlanTrunk at the same time\""
    ),
    ("1.9.1", #""isGateway": true"#, "isGateway does nothing without ipam"),
    ("1.9.1", #""vlanTag": 100"#, "unknown field \"vlanTag\""),
    ("1.9.1", #""macspoofcheck": true"#, "unknown field \"macspoofcheck\"; did you mean"),
  ])
  func warnings(plugins: String, fields: String, warning: String) throws {
    let problems = try review(fields, plugins: plugins)
    #expect(problems.allSatisfy { $0.severity == .warning })
    #expect(problems.contains { $0.message.hasPrefix(warning) }, "\(problems)")
  }

  @Test func aNodeHasNoStandInForALongName() throws {
    let problems = try review(#""bridge": "bridge-interface""#)
    #expect(problems.map(\.severity) == [.error])
  }

  @Test(arguments: [
    (
      #""vlan": 4095"#, "LoadConf(): vlan id 4095 invalid: value must be in the range 0-4094"
    ),
    (
      #""vlan": 5, "vlanQoS": 8"#,
      "LoadConf(): vlan QoS PCP 8 invalid: value must be in the range 0-7"
    ),
    (
      #""vlanQoS": 3"#,
      "LoadConf(): vlan id must be configured to set vlan QoS to a non-nil value"
    ),
    (
      #""vlan": 0, "vlanQoS": 3"#,
      "LoadConf(): non-zero vlan id must be configured to set vlan QoS to a non-zero value"
    ),
    (
      #""vlan": 5, "vlanProto": "802.1X""#,
      "LoadConf(): vlan Proto 802.1x invalid: value must be '802.1Q' or '802.1ad'"
    ),
    (#""link_state": "up""#, "LoadConf(): invalid link_state value: up"),
    (
      #""spoofchk": true"#,
      "LoadConf(): failed to load netconf: json: cannot unmarshal bool into Go struct field"
        + " NetConf.spoofchk of type string"
    ),
  ])
  func sriov(fields: String, message: String) throws {
    #expect(try review(fields, type: "sriov").map(\.message) == [message])
  }

  @Test func aManifestIsNoConfiguration() throws {
    for text in ["kind: Lab", #"{"kind": "Lab"}"#, "", "[]", #"{"kind": "Lab""#] {
      #expect(NetworkAttachmentReview(path: "n", text: text, plugins: .newest) == nil, "\(text)")
    }
    #expect(CNIPluginsVersion("v1.3.0")?.description == "1.3.0")
    for text in ["", "1", "1.3", "1.3.0.0", "2.0.0", "1.4.2", "latest"] {
      #expect(CNIPluginsVersion(text) == nil, "\(text)")
    }
  }
}
