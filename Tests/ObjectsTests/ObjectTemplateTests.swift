import Objects
import Testing

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
    #expect(document.kind == "Pod" && document.name == "name")
    let spec = try #require(document.root["spec"])
    #expect(spec["cores"]?.integer == 2)
    #expect(spec["text"]?.string == "2" && spec["text"]?.integer == nil)
    #expect(spec["mac"]?.isNull == true)
    #expect(spec["dollar"]?.string == "$x ${ ${}")
    #expect(document.root["metadata", "labels", "app.name"]?.string == "quay.io/x:${UNKNOWN}-name")
    // The places are those of the template.
    #expect(document.location(of: "spec.cores").description == "t.yaml:16:5")
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
