import Objects
import Testing

@Suite struct ManifestFileTests {
  @Test func documentsKnowTheirPlaces() throws {
    let text = """
      # a comment before
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: lab}
      spec:
        list:
        - name: x
        - name: y
          order: 2
      --- # a second one
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata:
        name: b
      """
    let file = ManifestFile(path: "f.yaml", text: text)
    #expect(file.problems.isEmpty)
    try #require(file.documents.count == 2)
    let first = file.documents[0]
    #expect(first.object == "Pod/a")
    #expect(first.namespace == "lab")
    #expect(first.group == "")
    #expect(first.location(of: "spec.list[1].order").description == "f.yaml:10:5")
    #expect(first.location(of: "spec.list[1].absent.deeper").description == "f.yaml:9:5")
    let second = file.documents[1]
    #expect(second.group == "k8s.cni.cncf.io")
    #expect(second.location(of: "metadata.name").description == "f.yaml:15:3")
  }

  @Test(arguments: ["\n", "\r\n"])
  func lineEndingsDoNotMovePlaces(ending: String) throws {
    let lines = ["kind: A", "metadata:", "  name: a", "---", "kind: B", "metadata:", "  name: é"]
    let file = ManifestFile(path: "f", text: lines.joined(separator: ending))
    #expect(file.problems.isEmpty)
    #expect(file.documents.map(\.object) == ["A/a", "B/é"])
    #expect(file.documents.last?.location(of: "metadata.name").description == "f:7:3")
  }

  @Test(arguments: [
    ("kind: [", "f:1:8", "did not find expected node content"),
    ("kind: a\n\tb: c", "f:2:1", "found a tab character that violates indentation"),
    ("kind: a\nmetadata:\n\tname: x", "f:3:1", "any token: a tab; YAML is indented with spaces"),
    ("kind: a\nname: %x", "f:2:7", "any token: a text that begins with % must be in quotes"),
    ("kind: Pod\nmetadata:\n  name: a\n name: b", "f:4:2", "did not find expected"),
    ("kind: A\nspec:\n  x: 1\n  y: 2\n  x: 3", "f:5:3", "key \"x\" already set in map"),
    ("kind: Pod\nspec: *nothing", "f:2:7", "found undefined alias"),
    ("- a\n- b", "f:1:1", "a Kubernetes object is a mapping, found array"),
    ("metadata: {name: a}", "f:1:1", "Object 'Kind' is missing"),
    ("Kind: Pod", "f:1:1", "did you mean \"kind\" for \"Kind\"?"),
    ("kind: Pod\na: \"\u{1}\"", "f:2:5", "control characters are not allowed"),
    ("kind: Pod\na: &a [*a]", "f:2:8", "anchor \"a\" value contains itself"),
    ("kind: Pod\n? {a: b}\n: c", "f:2:3", "a key must be a text, not a structure"),
    ("kind: Pod\na: 1\n<<: [b]", "f:3:5", "map merge requires map or sequence of maps"),
    ("kind: Pod\na: !!binary aGk=", "f:2:4", "!!binary is not read here"),
  ])
  func mistakesAreProblems(text: String, place: String, message: String) throws {
    let file = ManifestFile(path: "f", text: text)
    #expect(file.documents.isEmpty)
    let problem = try #require(file.problems.first)
    #expect(file.problems.count == 1)
    #expect(problem.severity == .error)
    #expect(problem.message.contains(message), "\(problem)")
    #expect(problem.location?.description == place, "\(problem)")
  }

  @Test func oneBrokenDocumentDoesNotHideTheOthers() {
    let text = "kind: A\n---\nkind: [\n---\nkind: B\nspec: {x: 1, x: 2}\n---\nkind: C\n"
    let file = ManifestFile(path: "f", text: text)
    #expect(file.documents.map(\.kind) == ["A", "C"])
    #expect(file.problems.map { $0.location?.line } == [4, 6])
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n---\n", "null\n", "~"])
  func nothingIsNoProblem(text: String) {
    let file = ManifestFile(path: "f", text: text)
    #expect(file.documents.isEmpty)
    #expect(file.problems.isEmpty)
  }

  @Test func aByteOrderMarkIsNoText() {
    let file = ManifestFile(path: "f", text: "\u{feff}kind: A\n---\nkind: B\n")
    #expect(file.problems.isEmpty)
    #expect(file.documents.map(\.kind) == ["A", "B"])
  }

  @Test func listsAndJSONAreManifestsToo() {
    let text =
      #"{"kind": "List", "items": [{"kind": "A"}, {"kind": "B", "metadata": {"name": "b"}}]}"#
    let file = ManifestFile(path: "f", text: text)
    #expect(file.documents.map(\.object) == ["A/", "B/b"])
  }

  @Test func mergedMappingsFillGaps() throws {
    let text = """
      kind: A
      one: &one {a: 1, b: 1}
      two: &two {b: 2, c: 2, "<<": text}
      both: {<<: [*one, *two], c: 3}
      again: {c: 4, <<: {<<: *two, d: 4}}
      name: &name key
      keyed: {*name : x}
      """
    let file = ManifestFile(path: "f", text: text)
    #expect(file.problems.isEmpty)
    let root = try #require(file.documents.first?.root)
    func values(_ key: String) -> [String] {
      (root[key]?.entries ?? []).map { "\($0.key)=\($0.value.scalar?.text ?? "?")" }
    }
    #expect(values("both") == ["c=3", "a=1", "b=1", "<<=text"])
    #expect(values("again") == ["c=4", "d=4", "b=2", "<<=text"])
    #expect(values("keyed") == ["key=x"])
    #expect(root["both"]?["b"]?.location?.description == "f:2:21")
    #expect(root["both"]?["<<"]?.location?.description == "f:3:30")
    #expect(root["both"]?["x"] == nil)
  }

  @Test func tagsSayWhatIsText() throws {
    let text = "kind: A\na: !!str 5\nb: !!int '5'\nc: ! 5\nd: !mine 5\ne: !!null ''\n"
    let root = try #require(ManifestFile(path: "f", text: text).documents.first?.root)
    let kinds = root.entries.map(\.value.jsonKind)
    #expect(kinds == ["string", "string", "number", "string", "string", "null"])
  }

  /// As Kubernetes' reader takes plain texts (seen by the types that KubeVirt's webhook names).
  @Test(arguments: [
    ("017 0o17 0O17 0x1F 0X1f 0b11 0B11 -0x1F 1_000 08 1. .5 -.5 1e3 1_0.5 .1_5 9e99", "number"),
    ("1e400 0x1p3 0x1.8p1 0o8 0xg 1-- 12e 02:00:00:00:00:01 1:20 2001-01-01 _1 e1 .", "string"),
    ("true True yes On NO off", "bool"), ("~ null Null NULL", "null"),
  ])
  func plainTextsHaveTheTypesOfKubernetes(words: String, kind: String) throws {
    for word in words.split(separator: " ") {
      let text = "kind: A\nvalue: [ \(word) ]\n"
      let root = try #require(ManifestFile(path: "f", text: text).documents.first?.root)
      #expect(root["value"]?.items.map(\.jsonKind) == [kind], "\(word)")
    }
  }

  @Test func blockTextsKnowWhereTheyBegin() throws {
    let text = "kind: A\nspec:\n  config: |\n\n    {\n      \"a\": 1\n    }\n  line: 'x'\n"
    let file = ManifestFile(path: "f", text: text)
    let spec = try #require(file.documents.first?.root["spec"])
    guard case .scalar(let block)? = spec["config"]?.content,
      case .scalar(let line)? = spec["line"]?.content
    else {
      Issue.record("no scalars")
      return
    }
    #expect(block.origin?.description == "f:4:5")
    #expect(line.origin?.description == "f:8:10")
  }
}
