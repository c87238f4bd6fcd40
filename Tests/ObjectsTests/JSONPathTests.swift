import Objects
import Testing

@Suite struct JSONPathTests {
  private static let tree = """
    {"a":{"b":"x","c.d":"dots"},"list":[{"type":"Ready","status":"True","n":1},
    {"type":"it's","status":"False","n":2}]}
    """

  @Test(arguments: [
    (".a.b", ["x"]), ("{.a.b}", ["x"]), ("$.a.b", ["x"]), (#".a.c\.d"#, ["dots"]),
    (".a['c.d']", ["dots"]), (".list[0].n", ["1"]), (".list[-1].n", ["2"]), (".list[9].n", []),
    (".list[*].n", ["1", "2"]), (#".list[?(@.type=="Ready")].status"#, ["True"]),
    (".list[?(@.type=='Ready')].status", ["True"]), (#".list[?(@.type!="Ready")].n"#, ["2"]),
    (#".list[?(@.type=="it's")].n"#, ["2"]), (#".list[?(@.none=="x")].n"#, []), (".none.b", []),
    (".list[?(@.n==2)].status", ["False"]),
  ])
  func valuesAreFound(_ path: String, _ expected: [String]) throws {
    let tree = try ObjectNode(json: Array(Self.tree.utf8))
    let values = try #require(JSONPath(path)).values(in: tree)
    #expect(values.map { $0.scalar?.text ?? "" } == expected)
  }

  @Test(arguments: ["a.b", ".a[", ".a[?(@.b)]", ".a[1:2]", "..a", ".a[?(x==1)]", ".a."])
  func otherFormsAreNone(_ text: String) {
    #expect(JSONPath(text) == nil)
  }
}
