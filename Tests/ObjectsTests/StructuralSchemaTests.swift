import Testing

@testable import Objects

/// What schemas say of values beside what APIServerTests/CustomResourceTests ask.
@Suite struct StructuralSchemaTests {
  private func causes(_ schema: String, _ value: String) throws -> [String] {
    let schema = StructuralSchema(
      ["type": "object", "properties": ["x": try ObjectNode(json: Array(schema.utf8))]])
    let value = try ObjectNode(json: Array("{\"x\":\(value)}".utf8))
    return schema.causes(of: value).map { "\($0.field): \($0.message)" }
  }

  @Test(arguments: [
    (
      #"{"type":"number","exclusiveMinimum":true,"minimum":1.5}"#, "1.5",
      "x: Invalid value: 1.5: x in body should be greater than 1.5"
    ),
    (
      #"{"type":"integer","multipleOf":5}"#, "7",
      "x: Invalid value: 7: x in body should be a multiple of 5"
    ),
    (
      #"{"type":"integer"}"#, "1.5",
      #"x: Invalid value: "number": x in body must be of type integer: "number""#
    ),
    (
      #"{"type":"string","minLength":2}"#, #""a""#,
      #"x: Invalid value: "a": x in body should be at least 2 chars long"#
    ),
    (
      #"{"type":"string","format":"date-time"}"#, #""today""#,
      #"x: Invalid value: "today": x in body must be of type date-time: "today""#
    ),
    (
      #"{"type":"array","minItems":1,"items":{"type":"string"}}"#, "[]",
      "x: Invalid value: 0: x in body should have at least 1 items"
    ),
    (
      #"{"type":"array","items":{"type":"string"}}"#, #"["a",1]"#,
      #"x[1]: Invalid value: "integer": x[1] in body must be of type string: "integer""#
    ),
    (
      #"{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}"#,
      #"["a","b","a"]"#,
      #"x[2]: Duplicate value: "a""#
    ),
    (
      #"{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","properties":{"n":{"type":"string"}}}}"#,
      #"[{"n":"a"},{"n":"a"}]"#, #"x[1]: Duplicate value: {"n":"a"}"#
    ),
    (
      #"{"type":"object","not":{"required":["a"]},"properties":{"a":{"type":"string"}}}"#,
      #"{"a":"b"}"#,
      #"x: Invalid value: "": "x" must not validate the schema (not)"#
    ),
    (
      #"{"type":"object","additionalProperties":{"type":"integer"}}"#, #"{"a":"b"}"#,
      #"x.a: Invalid value: "string": x.a in body must be of type integer: "string""#
    ),
  ])
  func saysWhatIsWrong(schema: String, value: String, objection: String) throws {
    #expect(try causes(schema, value) == [objection])
  }

  @Test(arguments: [
    (#"{"type":"number"}"#, "1"), (#"{"type":"integer"}"#, "2.0"),
    (#"{"type":"string","format":"date-time"}"#, #""2026-11-29T16:53:48.5+01:00""#),
    (#"{"type":"string","format":"unheard-of"}"#, #""x""#),
    (#"{"type":"string","nullable":true}"#, "null"),
    (#"{"x-kubernetes-preserve-unknown-fields":true}"#, #"{"a":[null]}"#),
    (#"{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}"#, #"{"b":1}"#),
    (#"{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}"#, #"{"b":1}"#),
  ])
  func takesWhatIsRight(schema: String, value: String) throws {
    #expect(try causes(schema, value) == [])
  }

  @Test func oneOfTellsHowManyHold() throws {
    let schema = #"{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}"#
    #expect(
      try causes(schema, "{}") == [
        #"x: Invalid value: "": "x" must validate one and only one schema (oneOf). Found none valid"#,
        "x.a: Required value",
      ])
    #expect(
      try causes(schema, #"{"a":1,"b":1}"#) == [
        #"x: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives"#
      ])
  }
}
