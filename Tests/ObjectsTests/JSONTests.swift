import Objects
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    ("v: 1", "1"), ("v: 0x10", "16"), ("v: 1.5", "1.5"), ("v: '1'", "\"1\""), ("v: yes", "true"),
    ("v: ~", "null"), ("v: text", "\"text\""), ("v: \"a\\n\\\"\\\\\\u0001\"", #""a\n\"\\\u0001""#),
    ("v: {}", "{}"), ("v: []", "[]"), ("v: 1e400", "\"1e400\""),
  ])
  func values(yaml: String, json: String) throws {
    let root = try #require(ManifestFile(path: "f", text: "kind: A\n\(yaml)").documents.first?.root)
    #expect(root["v"]?.json(.dense) == json)
    let isEmpty = ["{}", "[]"].contains(json)
    #expect(
      root["v"]?.json(.sorted) == (isEmpty ? "\(json.prefix(1))\n\n\(json.suffix(1))" : json))
  }

  private static let node: ObjectNode = [
    "b": [["x": 1, "y": "z"], ["list": [1, 2]], "text"], "a": ["c": true],
  ]

  @Test func denseKeepsTheOrderAndPutsWhatIsInnermostInOneLine() {
    #expect(
      Self.node.json(.dense) == """
        {
          "b": [
            {"x": 1, "y": "z"},
            {
              "list": [
                1,
                2
              ]
            },
            "text"
          ],
          "a": {
            "c": true
          }
        }
        """)
  }

  @Test func sortedHasALineForEachValue() {
    #expect(
      Self.node.json(.sorted) == """
        {
          "a" : {
            "c" : true
          },
          "b" : [
            {
              "x" : 1,
              "y" : "z"
            },
            {
              "list" : [
                1,
                2
              ]
            },
            "text"
          ]
        }
        """)
  }

  @Test func jsonIsReadBackAsItWas() throws {
    let text =
      "kind: A\nspec: " + Self.node.json(.sorted).split(separator: "\n").joined(separator: " ")
    let spec = try #require(ManifestFile(path: "f", text: text).documents.first?.root["spec"])
    #expect(spec.json(.sorted) == Self.node.json(.sorted))
  }
}
