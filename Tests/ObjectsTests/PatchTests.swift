import Testing

@testable import Objects

/// Merge patches (RFC 7386, appendix A, in part) and JSON patches (RFC 6902).
@Suite struct PatchTests {
  private func json(_ text: String) throws -> ObjectNode { try ObjectNode(json: Array(text.utf8)) }

  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
    (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"foo"}"#, "null", "null"), (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
    ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
    ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func merge(_ value: String, _ patch: String, _ result: String) throws {
    #expect(try json(value).merging(json(patch)).canonical == json(result))
  }

  @Test(arguments: [
    (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
    (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
    (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
    (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2]}"#),
    (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/0"}]"#, #"{"a":[2]}"#),
    (#"{"a":{"b":1}}"#, #"[{"op":"replace","path":"/a/b","value":2}]"#, #"{"a":{"b":2}}"#),
    (#"{"a":{}}"#, #"[{"op":"replace","path":"/a/b","value":2}]"#, #"{"a":{"b":2}}"#),
    (#"{"a":[1,2]}"#, #"[{"op":"replace","path":"/a/1","value":9}]"#, #"{"a":[1,9]}"#),
    (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
    (#"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/a/0"}]"#, #"{"a":[[1],1]}"#),
    (#"{"a":1}"#, #"[{"op":"test","path":"/a","value":1}]"#, #"{"a":1}"#),
    (#"{"a/b":{"m~n":1}}"#, #"[{"op":"remove","path":"/a~1b/m~0n"}]"#, #"{"a/b":{}}"#),
    (#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":1}}]"#, #"{"b":1}"#),
  ])
  func operations(_ value: String, _ patch: String, _ result: String) throws {
    #expect(try JSONPatch(json(patch)).apply(to: json(value)).canonical == json(result))
  }

  @Test(arguments: [
    #"[{"op":"add","path":"/x/y","value":1}]"#, #"[{"op":"remove","path":"/x"}]"#,
    #"[{"op":"add","path":"/list/3","value":1}]"#, #"[{"op":"add","path":"/list/01","value":1}]"#,
    #"[{"op":"replace","path":"/list/2","value":1}]"#,
    #"[{"op":"replace","path":"/list/-","value":1}]"#,
    #"[{"op":"test","path":"/a","value":2}]"#, #"[{"op":"test","path":"/x","value":2}]"#,
    #"[{"op":"move","from":"/map","path":"/map/b"}]"#, #"[{"op":"copy","from":"/x","path":"/b"}]"#,
    #"[{"op":"add","path":"/a/b","value":1}]"#, #"[{"op":"remove","path":""}]"#,
    #"[{"op":"remove","path":"/list/99999999999999999999"}]"#,
  ])
  func operationsThatDoNotFit(_ patch: String) throws {
    let value = try json(#"{"a":1,"list":[1,2],"map":{"b":1}}"#)
    let patch = try JSONPatch(json(patch))
    #expect(throws: JSONPatch.Failure.self) { try patch.apply(to: value) }
  }

  @Test(arguments: [
    "{}", #"[{"op":"nosuch","path":"/a"}]"#, #"[{"path":"/a"}]"#, #"[{"op":"add","path":"/a"}]"#,
    #"[{"op":"remove"}]"#, #"[{"op":"remove","path":"a"}]"#, "[1]",
  ])
  func noPatch(_ text: String) throws {
    let tree = try json(text)
    #expect(throws: JSONPatch.Failure.self) { try JSONPatch(tree) }
  }

  @Test func copiesHaveABound() throws {
    let copies = (0..<60).map { _ in #"{"op":"copy","from":"/a","path":"/a/-"}"# }
    let patch = try JSONPatch(json("[\(copies.joined(separator: ","))]"))
    #expect(throws: JSONPatch.Failure.self) { try patch.apply(to: json(#"{"a":["0123456789"]}"#)) }
  }
}
