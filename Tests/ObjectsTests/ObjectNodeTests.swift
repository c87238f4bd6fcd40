import Objects
import Testing

@Suite struct ObjectNodeTests {
  static func root(_ text: String) throws -> ObjectNode {
    try #require(ManifestFile(path: "f", text: "kind: A\n\(text)").documents.first?.root)
  }

  @Test func aSetFieldHasNoPlaceAndTheOthersKeepTheirs() throws {
    let root = try Self.root("spec:\n  a: 1\n  b: 2\n")
    var changed = root
    var spec = try #require(changed["spec"])
    spec["b"] = .text("x", because: "a default")
    spec["c"] = .integer(3, because: "another")
    changed["spec"] = spec
    #expect(changed["spec", "b"]?.scalar?.text == "x")
    #expect(changed["spec", "b"]?.reason == "a default")
    #expect(changed["spec"]?.entries.map(\.key) == ["a", "b", "c"])
    #expect(changed.place(of: "spec.a")?.line == 3)
    #expect(changed.place(of: "spec.b") == nil)
    #expect(changed.place(of: "spec.c") == nil)
    #expect(changed.place(of: "spec")?.line == 2)
    #expect(root["spec", "b"]?.scalar?.integer == 2)
    #expect(root["spec", "c"] == nil)
  }

  @Test(arguments: [
    ("spec: {a: 1}", "a", [String]()), ("spec: {a: 1}", "b", ["a"]), ("spec: [a]", "a", []),
    ("spec: {a: 1, b: 2}", "a", ["b"]), ("spec: text", "a", []),
  ])
  func removing(text: String, key: String, rest: [String]) throws {
    var spec = try #require(try Self.root(text)["spec"])
    spec[key] = nil
    #expect(spec.entries.map(\.key) == rest)
  }

  @Test func whatIsNoMappingTakesNoField() throws {
    var spec = try #require(try Self.root("spec: text")["spec"])
    spec["a"] = .integer(1)
    #expect(spec.scalar?.text == "text")
    spec.editItems { _, _ in true }
    #expect(spec.scalar?.text == "text")
  }

  @Test(arguments: [("spec: {}", "d"), ("spec: {a: null}", "d"), ("spec: {a: w}", "w")])
  func aMissingOrNullFieldHasADefault(text: String, value: String) throws {
    let spec = try #require(try Self.root(text)["spec"])
    #expect(spec["a", default: .text("d")].scalar?.text == value)
  }

  @Test func items() throws {
    var list = try #require(try Self.root("spec: [{a: 1}, {a: 2}]")["spec"])
    list.editItems { index, item in
      guard index == 1 else { return false }
      item["a"] = .boolean(true)
      return true
    }
    list.append(contentsOf: [.mapping(["a": .sequence([])], because: "more")])
    #expect(list.items.map { $0["a"]?.scalar?.text } == ["1", "true", nil])
    #expect(list.items.map { $0.location != nil } == [true, true, false])
    #expect(list.item(2)?.reason == "more")
    #expect(list.item(3) == nil && list.item(-1) == nil)
  }

  @Test(
    arguments: [
      ("spec.a[1].b", 4), ("spec.a[1]", 4), ("spec.a", 3), ("spec.a[2]", nil), ("spec.x", nil),
      ("spec.a.b", nil), ("", 1),
    ] as [(String, Int?)])
  func places(path: String, line: Int?) throws {
    let root = try Self.root("spec:\n  a: [{b: 1},\n   {b: 2}]\n")
    #expect(root.place(of: path)?.line == line)
  }

  @Test func aFieldThatWasFilledInIsWhereTheFieldAroundItIs() throws {
    var root = try Self.root("spec: {a: 1}")
    var spec = try #require(root["spec"])
    spec["b"] = .text("x", because: "a default")
    root["spec"] = spec
    let document = try #require(ManifestDocument(root: root))
    let log = ProblemLog(object: "")
    let field = document.fields(log)["spec"]["b"]
    #expect(field.location.line == 2)
    #expect(field.reason == "a default")
    #expect(field.integer == nil)
    #expect(log.problems.first?.location?.line == 2)
    #expect(document.location(of: "spec.b") == document.location(of: "spec"))
  }

  @Test(arguments: [
    ("a", "lab/a"), ("other/a", "other/a"), ("other/a/b", "other/a/b"), ("/a", "a"),
  ])
  func references(text: String, key: String) {
    #expect(ObjectKey(.secrets, reference: text, from: "lab").description == key)
  }

  @Test func keysAreOfOneResource() {
    let secret = ObjectKey(.secrets, namespace: "lab", name: "a")
    #expect(secret != ObjectKey(.configMaps, namespace: "lab", name: "a"))
    #expect(secret != ObjectKey(.secrets, namespace: "other", name: "a"))
    #expect("\(GroupResource("nodes"))" == "nodes")
    #expect("\(GroupResource.virtualMachines)" == "virtualmachines.kubevirt.io")
    #expect(ObjectKey(GroupResource("nodes"), namespace: "", name: "n").description == "n")
  }
}
