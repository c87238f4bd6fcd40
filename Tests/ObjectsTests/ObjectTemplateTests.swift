import Testing

@testable import Objects

/// OpenShift's templates and lists of one kind.
@Suite struct ObjectTemplateTests {
  static func documents(_ text: String) -> [ManifestDocument] {
    ManifestFile(path: "t.yaml", text: text).documents
  }

  static let template = """
    apiVersion: template.openshift.io/v1
    kind: Template
    metadata: {name: t}
    parameters:
    - {name: NAME, generate: expression, from: "vm-[a-z]{4}"}
    - {name: CORES, value: "2"}
    - {name: IMAGE, value: quay.io/x}
    - {name: MAC_ADDRESS}
    objects:
    - apiVersion: v1
      kind: Pod
      metadata:
        name: ${NAME}
        labels: {"app.${NAME}": "${IMAGE}:${UNKNOWN}-${NAME}"}
      spec:
        cores: ${{CORES}}
        text: ${CORES}
        mac: ${MAC_ADDRESS}
        dollar: "$x ${ ${}"
    """

  @Test func defaultsArePutIn() throws {
    let document = try #require(Self.documents(Self.template).first)
    #expect(document.kind == "Pod")
    let name = document.name
    #expect(name.count == 7 && name.hasPrefix("vm-"))
    #expect(name.dropFirst(3).allSatisfy { ("a"..."z").contains($0) })
    let spec = try #require(document.root["spec"])
    #expect(spec["cores"]?.integer == 2)
    #expect(spec["text"]?.string == "2" && spec["text"]?.integer == nil)
    #expect(spec["mac"] == nil)
    #expect(spec["dollar"]?.string == "$x ${ ${}")
    #expect(
      document.root["metadata", "labels", "app.\(name)"]?.string == "quay.io/x:${UNKNOWN}-\(name)")
    // The places are those of the template.
    #expect(document.location(of: "spec.cores").description == "t.yaml:16:5")
  }

  @Test(
    "JSON with a parameter that nobody has given is left out",
    arguments: [
      ("{name: VLAN, required: true}", nil),
      ("{name: VLAN, value: \"7\"}", "\n  { \"vlan\": 7, \"bridge\": \"br\" }\n"),
    ])
  func json(_ parameter: String, _ config: String?) throws {
    let text = """
      apiVersion: template.openshift.io/v1
      kind: Template
      metadata: {name: t}
      parameters: [\(parameter), {name: BRIDGE, value: br}]
      objects:
      - apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: n}
        spec: {list: '[{"name": "${VLAN}"}]', text: "{env} ${VLAN}", config: "\\n  { \\"vlan\\": ${VLAN}, \\"bridge\\": \\"${BRIDGE}\\" }\\n"}
      """
    let root = try #require(ManifestFile(path: "a.yaml", text: text).documents.first).root
    #expect(root["spec", "config"]?.string == config)
    #expect(root["spec", "list"]?.string == config.map { _ in #"[{"name": "7"}]"# })
    #expect(root["spec", "text"]?.string?.hasPrefix("{env} ") == true)
  }

  /// common-templates have NAME in labels; a template may be there in several versions.
  @Test func generatedAndMissingNamesAreTheTemplatesOwn() throws {
    func names(_ file: String, _ template: String) throws -> [String] {
      let text = """
        apiVersion: template.openshift.io/v1
        kind: Template
        metadata: {name: \(template)}
        parameters: [{name: NAME, generate: expression, from: "vm-[a-z0-9]{16}"}, {name: CLAIM_}]
        objects:
        - {kind: Pod, apiVersion: v1, metadata: {name: "${NAME}", labels: {a: "${NAME}", b: "${CLAIM_}"}}, spec: {claimName: "${CLAIM_}", list: ["${CLAIM_}", x]}}
        """
      let root = try #require(ManifestFile(path: file, text: text).documents.first).root
      #expect(root["metadata", "labels", "a"]?.string == root["metadata", "name"]?.string)
      #expect(root["metadata", "labels", "b"] == nil)
      #expect(root["spec", "list"]?.items.compactMap(\.string) == ["x"])
      return [root["metadata", "name"], root["spec", "claimName"]].compactMap { $0?.string }
    }
    let all = try [("a.yaml", "t"), ("b.yaml", "t"), ("a.yaml", "u")].flatMap(names)
    #expect(all.count == 6 && Set(all).count == 6)
    #expect(try names("x/a.yaml", "t") == names("y/a.yaml", "t"))
    #expect(all[1].hasPrefix("claim-") && !all[1].hasSuffix("-"))
  }

  @Test(
    arguments: [
      ("vm", "vm"), ("[a]{3}x[b-b]{2}", "aaaxbb"), ("[a-z", "[a-z"), ("[a]", "[a]"),
      ("[a]{0}", "[a]{0}"), ("[]{2}x", "x"), ("[a]{300}", "[a]{300}"), ("", ""),
    ])
  func expressions(expression: String, value: String) {
    #expect(ParameterExpression(expression).value(seed: "s") == value)
  }

  @Test(
    arguments: [
      (#"[\w]{200}"#, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
      (#"[\d]{50}"#, "0123456789"), (#"[\A]{99}"#, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
      ("[a-cX0-1]{60}", "abcX01"),
    ])
  func expressionsRanges(expression: String, alphabet: String) {
    let value = ParameterExpression(expression).value(seed: "s")
    #expect(value.allSatisfy(alphabet.contains))
    #expect(Set(value).count > alphabet.count / 2)
  }

  @Test func valuesAreNotMultipliedWithoutEnd() throws {
    let value = String(repeating: "x", count: 100_000)
    let uses = (0..<1000).map { "    a\($0): ${V}" }.joined(separator: "\n")
    let text = """
      kind: Template
      apiVersion: template.openshift.io/v1
      parameters: [{name: V, value: \(value)}]
      objects:
      - kind: Pod
        apiVersion: v1
        metadata: {name: p}
        spec:
      \(uses)
      """
    let document = try #require(Self.documents(text).first)
    let bytes = document.root["spec"]?.entries.reduce(0) { $0 + ($1.value.string ?? "").utf8.count }
    #expect(bytes.map { $0 > 1_000_000 && $0 < 10_000_000 } == true)
  }

  @Test(
    arguments: [
      (
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, {apiVersion: v1, kind: Node}]",
        ["v1 Pod", "v1 Node"]
      ),
      (
        "apiVersion: kubevirt.io/v1\nkind: VirtualMachineList\nitems: [{metadata: {name: a}}, {kind: VirtualMachine, apiVersion: kubevirt.io/v1}]",
        ["kubevirt.io/v1 VirtualMachine", "kubevirt.io/v1 VirtualMachine"]
      ),
      ("apiVersion: a/v1\nkind: PriceList\nspec: {items: []}", ["a/v1 PriceList"]),
      (
        "apiVersion: a/v1\nkind: Template\nobjects: [{apiVersion: v1, kind: Pod}]",
        ["a/v1 Template"]
      ),
      ("apiVersion: v1\nkind: Template\nobjects: []", []),
    ] as [(String, [String])])
  func lists(text: String, kinds: [String]) {
    let text = text.replacing(
      "apiVersion: v1\nkind: Template", with: "apiVersion: template.openshift.io/v1\nkind: Template"
    )
    #expect(Self.documents(text).map { "\($0.apiVersion) \($0.kind)" } == kinds)
  }

  @Test func theRequestsNamespaceIsForObjectsThatNameNone() throws {
    let documents = Self.documents(
      "kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b, namespace: n}\n")
    #expect(documents.map(\.namespace) == ["default", "n"])
    #expect(documents.map(\.isNamespaceKnown) == [false, true])
    #expect(documents.map { $0.requested(in: "m").namespace } == ["m", "n"])
  }
}
