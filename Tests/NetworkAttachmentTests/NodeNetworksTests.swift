import Addresses
import NetworkAttachment
import Objects
import Testing

/// Attachments against the policies of the nodes, against one another, and as other objects make them.
@Suite struct NodeNetworksTests {
  static func document(_ text: String) throws -> ManifestDocument {
    try #require(ManifestFile(path: "f.yaml", text: text).documents.first)
  }

  static func attachment(_ config: String, annotation: String = "", name: String = "net") -> String
  {
    """
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata:
      name: \(name)
      namespace: lab
      annotations: {\(annotation)}
    spec:
      config: '{"cniVersion":"0.3.1",\(config)}'
    """
  }

  static func policy(_ interfaces: String, mappings: String = "[]") -> String {
    """
    apiVersion: nmstate.io/v1
    kind: NodeNetworkConfigurationPolicy
    metadata: {name: p}
    spec:
      desiredState:
        ovn: {bridge-mappings: \(mappings)}
        interfaces: [\(interfaces)]
    """
  }

  private static let bridge = #""name":"net","type":"bridge","bridge":"br1","vlan":100"#
  private static let localnet =
    #""name":"net","type":"ovn-k8s-cni-overlay","topology":"localnet","netAttachDefName":"lab/net","physicalNetworkName":"physnet""#

  @Test(
    arguments: [
      ("{name: br1, type: linux-bridge}", "[]", bridge, nil),
      (
        "{name: br0, type: linux-bridge}", "[]", bridge, "makes a bridge br1; did you mean \"br0\"?"
      ),
      ("{name: other, type: linux-bridge}", "[]", bridge, "makes a bridge br1; there is other"),
      ("{name: eth0, type: ethernet}", "[]", bridge, nil),
      ("{name: br0, type: ovs-bridge}", "[]", bridge, nil),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {mode: trunk, trunk-tags: [{id: 10}, {id-range: {min: 20, max: 99}}]}}]}}",
        "[]", bridge, "no port of the bridge br1 carries VLAN 100"
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {mode: trunk, trunk-tags: [{id-range: {min: 20, max: 100}}]}}]}}",
        "[]", bridge, nil
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 1}]}}, {name: f}]}}",
        "[]", bridge, nil
      ),
      ("{name: ovs-br, type: ovs-bridge}", "[{localnet: physnet, bridge: ovs-br}]", localnet, nil),
      ("{name: ovs-br, type: ovs-bridge}", "[]", localnet, nil),
      (
        "{name: ovs-br, type: ovs-bridge}", "[{localnet: other, bridge: ovs-br}]", localnet,
        "maps a bridge to the physical network \"physnet\" (ovn.bridge-mappings); there is other"
      ),
      (
        "{name: ovs-br, type: ovs-bridge}",
        "[{localnet: physnet, bridge: ovs-br, state: absent}, {localnet: a, bridge: b}]", localnet,
        "there is a"
      ),
      (
        "{name: ovs-br, type: ovs-bridge}", "[{localnet: physnet1, bridge: ovs-br}]", localnet,
        "did you mean \"physnet1\"?"
      ),
      (
        "{name: br1, type: linux-bridge, state: absent}, {name: br2, type: linux-bridge}", "[]",
        bridge, "makes a bridge br1"
      ),
      ("{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {}}]}}", "[]", bridge, nil),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {mode: access, tag: 100}}]}}",
        "[]", bridge, nil
      ),
      // Two policies for different nodes.
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 100}]}}]}}, {name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 200}]}}]}}",
        "[]", bridge, nil
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 300}]}}]}}, {name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 200}]}}]}}",
        "[]", bridge, "no port of the bridge br1 carries VLAN 100"
      ),
      (
        "{name: ovs-br, type: ovs-bridge, bridge: {port: [{name: e, vlan: {mode: trunk, trunk-tags: [{id: 5}]}}]}}",
        "[{localnet: physnet, bridge: ovs-br}]", localnet + ",\"vlanID\":100",
        "no port of the bridge ovs-br carries VLAN 100"
      ),
      (
        "{name: e, type: ethernet}", "[{localnet: physnet, bridge: br-ex}]",
        localnet + ",\"vlanID\":100", nil
      ),
    ] as [(String, String, String, String?)])
  func policies(interfaces: String, mappings: String, config: String, words: String?) throws {
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    nodes.read(
      try Self.document(Self.policy(interfaces, mappings: mappings)), log: log)
    let document = try Self.document(Self.attachment(config))
    let attachment = try #require(NetworkAttachmentDefinition(document, log: log))
    let problem = nodes.problems(of: attachment, document).first
    #expect((problem == nil) == (words == nil), "\(String(describing: problem))")
    if let words {
      #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
    }
    #expect(log.problems.isEmpty, "\(log.problems)")
  }

  private static let unnamed = #""name":"net","type":"bridge","bridge":"br1""#

  /// Policies of two nodes, n1 with the first interfaces and n2 with the second, and what is said of an
  /// attachment.
  @Test(
    arguments: [
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}", "", bridge, "",
        ["makes a bridge br1 on n2", "by the annotation"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}", "", bridge,
        "k8s.v1.cni.cncf.io/resourceName: bridge.network.kubevirt.io/br1", []
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: []}}", bridge, "",
        ["the bridge br1 on n2 has no port"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 200}]}}]}}",
        bridge, "", ["no port of the bridge br1 on n2 carries VLAN 100"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 200}], enable-native: true, tag: 100}}]}}",
        bridge, "", ["leaves by the port e on n2 without a tag"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}, {name: e, type: ethernet, mtu: 1400}",
        bridge, "", ["port e on n2 has an MTU of 1400"]
      ),
      (
        "{name: br2, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br2, type: linux-bridge, bridge: {port: [{name: e}]}}", bridge, "",
        ["makes a bridge br1 on n1, n2; did you mean \"br2\"?"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}", bridge,
        "k8s.v1.cni.cncf.io/resourceName: bridge.network.kubevirt.io/br3",
        ["no node has the resource bridge.network.kubevirt.io/br3"]
      ),
      (
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e, vlan: {trunk-tags: [{id: 100}]}}]}}",
        "{name: br1, type: linux-bridge, bridge: {port: [{name: e}]}}", unnamed, "",
        ["the attachment has no VLAN, and no port of the bridge br1 on n1"]
      ),
    ] as [(String, String, String, String, [String])])
  func eachNodeByItself(
    first: String, second: String, config: String, annotation: String, words: [String]
  ) throws {
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    for (name, interfaces) in [("n1", first), ("n2", second)] {
      let text = Self.policy(interfaces).replacing(
        "spec:\n", with: "spec:\n  nodeSelector: {kubernetes.io/hostname: \(name)}\n")
      nodes.read(try Self.document(text), log: log)
    }
    let document = try Self.document(Self.attachment(config, annotation: annotation))
    let attachment = try #require(NetworkAttachmentDefinition(document, log: log))
    let problems = nodes.problems(
      of: attachment, document,
      nodes: ["n1", "n2"].map {
        NodeNetworks.Node(name: $0, labels: ["kubernetes.io/hostname": $0])
      })
    #expect(problems.count == min(1, words.count), "\(problems)")
    for word in words {
      #expect(problems.first?.message.contains(word) == true, "\(problems)")
    }
  }

  /// Which mapping counts on a node, and why none does.
  @Test(
    arguments: [
      (
        "[{localnet: physnet, bridge: b}]", "[{localnet: physne, bridge: b}]",
        "maps the physical network \"physnet\" to a bridge on n2; there is a mapping for nodes with"
      ),
      (
        "[{localnet: physnet, bridge: b}]", "[{localnet: physnet, bridge: bb}]",
        "mapped to the bridge bb on n2, which no policy makes there"
      ),
      (
        "[{localnet: physnet, bridge: b}]", "[{localnet: physnet, bridge: l}]",
        "mapped to l on n2, which is a Linux bridge"
      ),
      ("[{localnet: physnet, bridge: b}]", "[{localnet: physnet, bridge: br-ex}]", nil),
      ("[{localnet: physnet, bridge: b}]", "[{localnet: physnet, bridge: b}]", nil),
    ] as [(String, String, String?)])
  func mappingsOfNodes(first: String, second: String, words: String?) throws {
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    let interfaces =
      "{name: b, type: ovs-bridge, bridge: {port: [{name: e}]}}, {name: l, type: linux-bridge, bridge: {port: [{name: f}]}}"
    for (name, mappings) in [("n1", first), ("n2", second)] {
      let text = Self.policy(interfaces, mappings: mappings).replacing(
        "spec:\n", with: "spec:\n  nodeSelector: {kubernetes.io/hostname: \(name)}\n")
      nodes.read(try Self.document(text), log: log)
    }
    let document = try Self.document(Self.attachment(Self.localnet))
    let attachment = try #require(NetworkAttachmentDefinition(document, log: log))
    let problems = nodes.problems(
      of: attachment, document,
      nodes: ["n1", "n2"].map {
        NodeNetworks.Node(name: $0, labels: ["kubernetes.io/hostname": $0])
      })
    #expect(problems.count == (words == nil ? 0 : 1), "\(problems)")
    if let words { #expect(problems.first?.message.contains(words) == true, "\(problems)") }
  }

  /// nmstate's own examples take interfaces from what is on the node.
  @Test(arguments: [
    ("\"{{ capture.ethernets-lldp.interfaces }}\"", false), ("\"{{capture.a}}\"", false),
    ("br1", true), ("\"{{ x }}\"", true),
  ])
  func captures(interfaces: String, isRefused: Bool) throws {
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    let text = Self.policy("").replacing("interfaces: []", with: "interfaces: \(interfaces)")
    nodes.read(try Self.document(text), log: log)
    #expect(log.hasErrors == isRefused, "\(log.problems)")
    #expect(nodes.bridges.isEmpty)
  }

  @Test func aNetworkThatUsersDefineHasItsFields() throws {
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    nodes.read(
      try Self.document(
        Self.policy(
          "{name: b, type: ovs-bridge, bridge: {port: [{name: e, vlan: {mode: trunk, trunk-tags: [{id: 5}]}}]}}",
          mappings: "[{localnet: physnet, bridge: b}]")), log: log)
    func fields(_ physical: String, _ vlan: Int) throws -> String? {
      let document = try Self.document(
        """
        apiVersion: k8s.ovn.org/v1
        kind: ClusterUserDefinedNetwork
        metadata: {name: pxe}
        spec:
          namespaceSelector: {}
          network: {topology: Localnet, localnet: {physicalNetworkName: \(physical), vlan: {mode: Access, access: {id: \(vlan)}}}}
        """)
      let localnet = try #require(UserDefinedNetwork(document)?.localnet)
      return nodes.problems(of: localnet, document).first?.field
    }
    #expect(try fields("physnet", 5) == nil)
    #expect(try fields("physnet", 6) == "spec.network.localnet.vlan.access.id")
    #expect(try fields("phynet", 5) == "spec.network.localnet.physicalNetworkName")
  }

  @Test(
    arguments: [
      ("bridge.network.kubevirt.io/br1", nil), ("bridge.network.kubevirt.io/br0", "bridge br0"),
      (
        "bridge-cni.network.kubevirt.io/br1",
        "stays Pending; write \"bridge.network.kubevirt.io/br1\""
      ),
      ("example.com/resource", nil), ("bridge.network.kubevirt.io/", "names no bridge"),
    ] as [(String, String?)])
  func resources(resource: String, words: String?) throws {
    let text = Self.attachment(
      Self.bridge, annotation: "k8s.v1.cni.cncf.io/resourceName: \(resource)")
    let log = ProblemLog(object: "")
    _ = NetworkAttachmentDefinition(try Self.document(text), log: log)
    #expect(log.problems.count == (words == nil ? 0 : 1), "\(log.problems)")
    if let words { #expect(log.problems.first?.message.contains(words) == true) }
  }

  @Test(arguments: [
    (",\"vlanID\":100", ",\"vlanID\":200", true), (",\"vlanID\":100", ",\"vlanID\":100", false),
    ("", ",\"vlanID\":200", true), ("", "", false),
    (",\"physicalNetworkName\":\"a\"", ",\"physicalNetworkName\":\"b\"", true),
    (",\"physicalNetworkName\":\"physnet\"", "", false),
  ])
  func networksOfOneName(first: String, second: String, isRefused: Bool) throws {
    var networks = LocalnetNetworks()
    let problems = try [("a", first), ("b", second)].compactMap { name, vlan -> Problem? in
      let config =
        #""name":"physnet","type":"ovn-k8s-cni-overlay","topology":"localnet","#
        + "\"netAttachDefName\":\"lab/\(name)\"\(vlan)"
      let document = try Self.document(Self.attachment(config, name: name))
      let attachment = try #require(
        NetworkAttachmentDefinition(document, log: ProblemLog(object: "")))
      return networks.add(attachment, document)
    }
    #expect(problems.count == (isRefused ? 1 : 0))
    #expect(problems.allSatisfy { $0.object == "NetworkAttachmentDefinition/b" })
  }

  /// One policy for each bridge, whose card carries what all of its attachments have.
  @Test func policiesOfSeveralAttachments() throws {
    let configs = [
      #""name":"a","type":"bridge","bridge":"br1","vlan":100"#,
      #""name":"b","type":"bridge","bridge":"br1","vlan":200,"mtu":9000"#,
      #""name":"c","type":"bridge","bridge":"br2""#,
      #""name":"d","type":"ovn-k8s-cni-overlay","topology":"localnet","netAttachDefName":"lab/d","physicalNetworkName":"physnet","vlanID":7"#,
    ]
    let attachments = try zip("abcd", configs).map { name, config in
      try #require(
        NetworkAttachmentDefinition(
          try Self.document(Self.attachment(config, name: "\(name)")), log: ProblemLog(object: "")))
    }
    let drafts = NetworkAttachmentDraft.bridges(of: attachments) { ["br1": "eth1"][$0] }
    #expect(drafts.map(\.nodeBridge) == ["br1", "br2", "ovs-physnet"])
    var nodes = NodeNetworks()
    let log = ProblemLog(object: "")
    for draft in drafts {
      nodes.read(try Self.document(try #require(draft.nodePolicy)), log: log)
    }
    #expect(log.problems.isEmpty && nodes.mappings.map(\.localnet) == ["physnet"])
    #expect(nodes.bridges[0].ports.map(\.vlans.tagged) == [[try vlan(100), try vlan(200)]])
    #expect(nodes.bridges[0].ports.first?.vlans.pvid == nil, "no attachment is untagged")
    #expect(nodes.mtu(of: try #require(nodes.bridges[0].uplink), labels: nil)?.bytes == 9000)
    for attachment in attachments {
      let document = try Self.document(Self.attachment(configs[0]))
      #expect(nodes.problems(of: attachment, document).isEmpty)
    }
  }

  private func vlan(_ number: UInt16) throws -> VLANID {
    try #require(VLANID(rawValue: number))
  }

  @Test(
    arguments: [
      ("matchLabels: {kubernetes.io/metadata.name: lab}", ["lab"]),
      (
        "matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, b]}]",
        ["a", "b"]
      ),
      ("matchLabels: {team: x}", nil),
    ] as [(String, [String]?)])
  func networksThatUsersDefine(selector: String, namespaces: [String]?) throws {
    let text = """
      apiVersion: k8s.ovn.org/v1
      kind: ClusterUserDefinedNetwork
      metadata: {name: pxe}
      spec:
        namespaceSelector: {\(selector)}
        network:
          topology: Localnet
          localnet: {role: Secondary, physicalNetworkName: physnet, mtu: 1400, vlan: {mode: Access, access: {id: 100}}}
      """
    let network = try #require(UserDefinedNetwork(try Self.document(text)))
    #expect(network.name == "pxe" && network.namespaces == namespaces)
    #expect(network.attachments.map(\.namespace) == namespaces ?? [])
    #expect(
      network.attachments.allSatisfy {
        $0.vlan?.rawValue == 100 && $0.mtu == 1400 && $0.bridgeName == "physnet"
      })
  }

  @Test func otherTopologiesMakeNamesOnly() throws {
    let text =
      "apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork\nmetadata: {name: n, namespace: lab}\n"
      + "spec: {topology: Layer2, layer2: {role: Secondary}}\n"
    let network = try #require(UserDefinedNetwork(try Self.document(text)))
    #expect(network.namespaces == ["lab"] && network.attachments.isEmpty)
  }

  @Test(
    arguments: [
      (#"{"type":"macvlan","cniVersion":"0.3.1"}"#, "macvlan is not checked"),
      (#"{"type":"bridge","cniVersion":"0.3.1"}"#, nil), (#"{"type":"brigde"}"#, nil), ("{", nil),
      (#"{"type":"ovn-k8s-cni-overlay"}"#, "topology layer3 is not checked"),
      (#"{"type":"ovn-k8s-cni-overlay","topology":"localnet"}"#, nil),
      (#"{"plugins":[{"type":"tuning"},{"type":"ipvlan"}]}"#, "tuning is not checked"),
    ] as [(String, String?)])
  func whatIsNotChecked(config: String, words: String?) throws {
    let text =
      "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: n}\n"
      + "spec: {config: '\(config)'}\n"
    let document = try Self.document(text)
    let reason = NetworkAttachmentDefinition.unchecked(in: document)
    #expect((reason == nil) == (words == nil))
    if let words { #expect(reason?.contains(words) == true) }
    if words != nil {
      let log = ProblemLog(object: "")
      #expect(NetworkAttachmentDefinition(document, log: log, isLab: false) == nil)
      #expect(log.problems.isEmpty)
    }
  }
}
