import Testing

@testable import Objects

/// Nodes that have no places, beside nodes of files.
@Suite struct CanonicalTests {
  private static func value(_ yaml: String) throws -> ObjectNode {
    let file = ManifestFile(path: "f", text: "kind: A\nv: \(yaml)")
    return try #require(file.documents.first?.root["v"])
  }

  private static func text(_ node: ObjectNode) -> String {
    String(decoding: node.canonicalJSON, as: UTF8.self)
  }

  @Test(arguments: [
    ("0x10", "16"), ("010", "8"), ("+5", "5"), ("yes", "true"), ("~", "null"), ("4.0", "4.0"),
    (".5", "0.5"), ("1e3", "1e3"), ("1e400", "\"1e400\""), ("'1'", "\"1\""), ("text", "\"text\""),
    ("{b: 1, a: {d: [no, x], c: ''}}", #"{"a":{"c":"","d":[false,"x"]},"b":1}"#),
  ]) func aValueOfAFileEqualsItsJSON(yaml: String, json: String) throws {
    let node = try Self.value(yaml)
    let read = try ObjectNode(json: Array(json.utf8))
    #expect(Self.text(node) == json)
    #expect(node == read)
    #expect(node.canonical.location == nil)
    #expect(node.string == read.string)
    #expect(node.integer == read.integer)
    #expect(node.boolean == read.boolean)
    #expect(node.depth == read.depth)
  }

  @Test(arguments: [
    ("4", "4.0"), ("'4'", "4"), ("{a: 1}", "{b: 1}"), ("[1, 2]", "[2, 1]"), ("{}", "[]"),
  ])
  func whatIsSpelledDifferentlyIsNotEqual(left: String, right: String) throws {
    #expect(try Self.value(left) != Self.value(right))
    #expect(try Self.value(left).canonical != Self.value(right).canonical)
  }

  @Test func aPlaceSurvivesInAMappingOutOfJSON() throws {
    var root = try ObjectNode(json: Array(#"{"b":1,"a":{"c":2}}"#.utf8))
    root["a", "d"] = try Self.value("x")
    root["e"] = .text("y", because: "a default")
    #expect(root["a", "d"]?.location?.line == 2)
    #expect(root["e"]?.reason == "a default")
    #expect(Self.text(root) == #"{"a":{"c":2,"d":"x"},"b":1,"e":"y"}"#)
  }

  @Test func aMappingThatIsMadeKeepsTheOrderOfItsKeys() {
    var node: ObjectNode = ["b": 1, "a": ["z": 1, "y": 2]]
    node["a", "x"] = 3
    #expect(node.entries.map(\.key) == ["b", "a"])
    #expect(node["a"]?.entries.map(\.key) == ["z", "y", "x"])
    #expect(node.canonical["a"]?.entries.map(\.key) == ["x", "y", "z"])
  }

  @Test func ofEqualKeysOfAMappingThatIsMadeTheFirstCounts() {
    let node: ObjectNode = ["a": 1, "a": 2]
    #expect(node["a"] == 1)
    #expect(Self.text(node) == #"{"a":1}"#)
  }

  @Test func depthStopsWhereJSONDoes() {
    var deep: ObjectNode = []
    for _ in 0..<1000 { deep = ["x": deep] }
    #expect(deep.depth == 129)
  }
}
