import Addresses
import Foundation
import NetworkAttachment
import Objects
import Testing

@Suite struct NetworkAttachmentTests {
  @Test func everyFieldOfTheBridge() throws {
    let (definition, problems) = try decode(
      """
      {
        "cniVersion": "0.3.1", "name": "net", "type": "cnv-bridge", "bridge": "br1",
        "vlan": 100, "preserveDefaultVlan": false, "macspoofchk": true, "hairpinMode": true,
        "portIsolation": true, "mtu": 9000, "disableContainerInterface": true
      }
      """, header: "metadata: {name: net, namespace: lab}")
    #expect(problems.isEmpty)
    let net = try #require(definition)
    #expect(net.namespace == "lab")
    #expect(net.type == "cnv-bridge")
    #expect(net.vlan == VLANID(rawValue: 100))
    #expect(net.bridgeDevice == "br1")
    #expect(
      net.config
        == .bridge(
          BridgeConfig(
            bridge: "br1", vlan: VLANID(rawValue: 100), preserveDefaultVLAN: false,
            macSpoofCheck: true, hairpinMode: true, portIsolation: true, mtu: 9000,
            disableContainerInterface: true)))
  }

  @Test func keysHaveNoCaseAndTheLastWins() throws {
    let (definition, problems) = try decode(
      #"{"cniversion": "1.0.0", "NAME": "net", "Type": "bridge", "vlan": 5, "VLAN": 7}"#)
    #expect(problems.isEmpty)
    #expect(definition?.vlan == VLANID(rawValue: 7))
    #expect(definition?.bridgeDevice == "cni0")
  }

  @Test func aPluginListUsesItsBridge() throws {
    let (definition, problems) = try decode(
      #"{"cniVersion": "0.4.0", "name": "net", "plugins": [{"type": "bridge", "bridge": "b", "#
        + #""vlan": 9}, {"type": "tuning"}]}"#)
    #expect(problems.map(\.severity) == [.warning])
    #expect(definition?.vlan == VLANID(rawValue: 9))
  }

  /// Fields after the header of a bridge configuration, and the plugin's message with its place.
  @Test(arguments: [
    (
      #""vlan": 4095"#, "6:61: spec.config.vlan",
      "invalid VLAN ID 4095 (must be between 0 and 4094)"
    ),
    (
      #""vlan": -1"#, "6:61: spec.config.vlan",
      "invalid VLAN ID -1 (must be between 0 and 4094)"
    ),
    (
      #""vlan": "100""#, "6:61: spec.config.vlan",
      "failed to load netconf: json: cannot unmarshal string into Go struct field NetConf.vlan of"
        + " type int"
    ),
    (
      #""vlan": 100.0"#, "6:61: spec.config.vlan",
      "failed to load netconf: json: cannot unmarshal number 100.0 into Go struct field"
        + " NetConf.vlan of type int"
    ),
    (
      #""vlan": 1e2"#, "6:61: spec.config.vlan",
      "failed to load netconf: json: cannot unmarshal number 1e2 into Go struct field"
        + " NetConf.vlan of type int"
    ),
    (
      #""macspoofchk": "no""#, "6:61: spec.config.macspoofchk",
      "failed to load netconf: json: cannot unmarshal string into Go struct field"
        + " NetConf.macspoofchk of type bool"
    ),
    (
      #""hairpinMode": true, "promiscMode": true"#, "6:61: spec.config.hairpinMode",
      "cannot set hairpin mode and promiscuous mode at the same time"
    ),
    (
      #""vlanTrunk": [{"id": 4095}]"#, "6:76: spec.config.vlanTrunk[0].id",
      "incorrect trunk id parameter"
    ),
    (
      #""vlanTrunk": [{"minID": 0, "maxID": 5}]"#, "6:76: spec.config.vlanTrunk[0].minID",
      "incorrect trunk minID parameter"
    ),
    (
      #""vlanTrunk": [{"minID": 9, "maxID": 5}]"#, "6:76: spec.config.vlanTrunk[0].minID",
      "minID is greater than maxID in trunk parameter"
    ),
    (
      #""vlanTrunk": [{"minID": 9}]"#, "6:76: spec.config.vlanTrunk[0].minID",
      "minID and maxID should be configured simultaneously, maxID is missing"
    ),
    (
      #""vlanTrunk": [{"maxID": 9}]"#, "6:76: spec.config.vlanTrunk[0].maxID",
      "minID and maxID should be configured simultaneously, minID is missing"
    ),
    (
      #""bridge": "a/b""#, "6:61: spec.config.bridge",
      #"failed to create bridge "a/b": could not add "a/b": invalid argument"#
    ),
    (
      #""mtu": 60"#, "6:61: spec.config.mtu",
      #"failed to create bridge "cni0": could not add "cni0": invalid argument"#
        + " (an MTU is 68 to 65535 bytes)"
    ),
    (#""name": "a b""#, "6:61: spec.config.name", "invalid characters found in network name"),
  ])
  func thePluginsOwnMessages(field: String, place: String, message: String) throws {
    let (_, problems) = try decode(
      #"{"cniVersion": "0.3.1", "name": "net", "type":"bridge", \#(field)}"#)
    #expect(problems.map(\.description) == ["net.yaml:\(place): \(message)"])
  }

  @Test func ipamAndADisabledInterfaceExclude() throws {
    let (_, problems) = try decode(
      #"{"cniVersion": "0.3.1", "name": "net", "type": "bridge","#
        + #" "disableContainerInterface": true,"#
        + #" "ipam": {"type": "host-local", "subnet": "192.0.2.0/24"}}"#)
    #expect(
      problems.filter { $0.severity == .error }.map(\.message) == [
        "cannot use IPAM when DisableContainerInterface flag is set"
      ])
  }

  @Test(arguments: [
    (#"{"cniVersion": "9.9.9", "type": "bridge"}"#, "incompatible CNI versions"),
    (#"{"cniVersion": "0.2.0", "type": "bridge"}"#, "cannot convert: no valid IP addresses"),
    (#"{"type": "bridge"}"#, "cannot convert: no valid IP addresses"),
    (#"{"cniVersion": "0.3.1"}"#, "names no CNI plugin"),
    (#"{"cniVersion": "0.3.1", "type": "brigde"}"#, "did you mean \"bridge\"?"),
    (#"[]"#, "json: cannot unmarshal array into Go value"),
  ])
  func refusals(json: String, message: String) throws {
    let (_, problems) = try decode(json)
    #expect(problems.count == 1)
    #expect(problems.first?.message.contains(message) == true, "\(problems)")
  }

  @Test(arguments: [
    ("{\n  \"vlan\": 100\n", "8:5", "unexpected end of JSON input"),
    (
      "{\n  \"vlan\": 100,\n}", "8:5",
      "invalid character '}' looking for beginning of object key string"
    ),
    ("{\n  \"vlan\" 100\n}", "7:14", "invalid character '1' after object key"),
    (
      "{\n  'vlan': 100\n}", "7:7",
      #"invalid character '\'' looking for beginning of object key string"#
    ),
    ("{\"a\": 01}", "6:12", "invalid character '1' after object key:value pair"),
    ("{\"a\": tru}", "6:14", "invalid character '}' in literal true (expecting 'e')"),
    ("{} x", "6:8", "invalid character 'x' after top-level value"),
    ("{\"a\": \"\\x\"}", "6:13", "invalid character 'x' in string escape code"),
  ])
  func brokenJSONIsShownWhereItIs(json: String, place: String, message: String) throws {
    let (definition, problems) = try decode(json)
    #expect(definition == nil)
    #expect(
      problems.map(\.description) == [
        "net.yaml:\(place): spec.config: error unmarshall network config: \(message)"
      ])
  }

  /// How `spec.config` is written in a file whose line 5 it begins in, and where the wrong vlan is.
  @Test(arguments: [
    (">-\n    {\"type\": \"bridge\",\n\n     \"vlan\": 4096}", "8:6"),
    ("\"{\\\"type\\\": \\\"bridge\\\", \\\"vlan\\\": 4096}\"", "5:35"),
    ("\"{\\\"type\\\": \\\"bridge\\\",\n    \\\"vlan\\\": 4096}\"", "6:5"),
    ("'{\"type\": \"bridge\", \"x\": \"it''s\",\n\n    \"vlan\": 4096}'", "7:5"),
    ("'{\"x\": \"it''s ü\", \"type\": \"bridge\", \"vlan\": 4096}'", "5:47"),
    ("|-\n\n      {\"type\": \"bridge\",\n         \"vlan\": 4096}", "8:10"),
  ])
  func everyScalarKnowsItsPlaces(scalar: String, place: String) throws {
    let file = ManifestFile(
      path: "n",
      text: "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n"
        + "metadata: {name: net}\nspec:\n  config: \(scalar)\n")
    let document = try #require(file.documents.first)
    let log = ProblemLog(object: document.object)
    _ = NetworkAttachmentDefinition(document, log: log)
    let problem = try #require(log.problems.first { $0.message.hasPrefix("invalid VLAN ID") })
    #expect(problem.location?.description == "n:\(place)")
  }

  @Test func deepJSONIsRefused() throws {
    let (_, problems) = try decode(String(repeating: "[", count: 100_000))
    #expect(problems.first?.message.hasSuffix("exceeded max depth") == true)
  }

  @Test func longBridgeNamesAreShortened() throws {
    let (definition, problems) = try decode(
      #"{"cniVersion": "0.3.1", "name": "net", "type": "bridge", "bridge": "bridge-interface"}"#)
    #expect(problems.map(\.severity) == [.warning])
    let device = try #require(definition?.bridgeDevice)
    #expect(device.utf8.count == 15)
    #expect(device.hasPrefix("bridge-int-"))
    #expect(problems.first?.message.contains(device) == true)
    let other = BridgeConfig(bridge: "bridge-interfacf").deviceName
    #expect(other.utf8.count == 15 && other != device)
    #expect(BridgeConfig(bridge: "fifteen-letters").deviceName == "fifteen-letters")
  }

  @Test func localnet() throws {
    let (definition, problems) = try decode(
      #"{"cniVersion": "0.4.0", "name": "net", "type": "ovn-k8s-cni-overlay","#
        + #" "topology": "localnet", "netAttachDefName": "default/net", "vlanID": 33}"#)
    #expect(problems.isEmpty)
    #expect(definition?.vlan == VLANID(rawValue: 33))
    #expect(definition?.bridgeDevice == "net")
    #expect(definition?.portVLANs == .access(try #require(VLANID(rawValue: 33))))
  }

  @Test(arguments: [
    (
      #""netAttachDefName": "other/net""#,
      "this holds only where the attachment is in namespace other, which it does not name: write"
        + " metadata.namespace, or say -n other"
    ),
    (#""vlanID": 3"#, "missing NADName in secondary network netconf net"),
    (
      #""netAttachDefName": "default/net", "ipam": {"type": "x"}"#,
      "IPAM key is not supported. Use OVN-K provided IPAM via the subnets attribute"
    ),
    (
      #""netAttachDefName": "default/net", "vlanID": 5000"#,
      "invalid VLAN ID 5000 (must be between 0 and 4094)"
    ),
  ])
  func localnetMessages(fields: String, message: String) throws {
    let (_, problems) = try decode(
      #"{"cniVersion": "0.4.0", "name": "net", "type": "ovn-k8s-cni-overlay","#
        + #" "topology": "localnet", \#(fields)}"#)
    #expect(problems.map(\.message) == [message])
  }

  @Test func configMustBeThere() throws {
    for (spec, message) in [
      // Multus takes the node's file of that name.
      ("spec: {}", nil),
      ("spec: {config: {type: bridge}}", "spec.config is a string that holds JSON, found object"),
    ] as [(String, String?)] {
      let file = ManifestFile(
        path: "f",
        text: "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n"
          + "metadata: {name: a}\n\(spec)\n")
      let document = try #require(file.documents.first)
      let log = ProblemLog(object: document.object)
      #expect(NetworkAttachmentDefinition(document, log: log) == nil)
      #expect(log.problems.count == (message == nil ? 0 : 1))
      if let message { #expect(log.problems.first?.message.hasPrefix(message) == true) }
      #expect((NetworkAttachmentDefinition.unchecked(in: document) != nil) == (message == nil))
    }
  }

  @Test(arguments: [
    ("access-port", "100 PVID Egress Untagged"),
    ("untagged", "1 PVID Egress Untagged"),
    ("trunk-port", "100 PVID Egress Untagged, 200-205"),
    ("localnet", "100 PVID Egress Untagged"),
  ])
  func theShippedAttachmentsMeanWhatTheySay(name: String, table: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "netconf")
    let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
    let file = ManifestFile(path: name, text: text)
    let document = try #require(file.documents.first)
    let log = ProblemLog(object: document.object)
    let definition = try #require(NetworkAttachmentDefinition(document, log: log))
    #expect(log.problems.isEmpty && file.problems.isEmpty)
    #expect(definition.name == name)
    #expect(definition.portVLANs.description == table)
  }
}
