import Manifest
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
    ("kind: [", "f:2:1", "did not find expected node content"),
    ("kind: a\n\tb: c", "f:2:1", "found a tab character that violates indentation"),
    ("kind: Pod\nmetadata:\n  name: a\n name: b", "f:4:2", "did not find expected"),
    ("kind: A\nspec:\n  x: 1\n  y: 2\n  x: 3", "f:3:3", "key \"x\" already set in map"),
    ("kind: Pod\nspec: *nothing", "f:2:7", "found undefined alias"),
    ("- a\n- b", "f:1:1", "a Kubernetes object is a mapping, found array"),
    ("metadata: {name: a}", "f:1:1", "Object 'Kind' is missing"),
    ("Kind: Pod", "f:1:1", "did you mean \"kind\" for \"Kind\"?"),
    ("kind: Pod\na: \"\u{1}\"", "f:2:5", "control characters are not allowed"),
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

  @Test(arguments: ["[", "{a: ", "- "])
  func deepNestingIsRefused(opening: String) {
    let file = ManifestFile(path: "f", text: String(repeating: opening, count: 20_000))
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.message.contains("aximum nesting level reached") == true)
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

  @Test func anAliasBombIsRefused() {
    var text = "kind: A\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let file = ManifestFile(path: "f", text: text)
    #expect(file.problems.map(\.message) == ["document contains excessive aliasing"])
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
