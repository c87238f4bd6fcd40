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
    (
      #"{"type":"array","maxItems":1,"items":{"type":"integer"}}"#, "[1,2]",
      "x: Too many: 2: must have at most 1 item"
    ),
    (
      #"{"type":"number","multipleOf":0.1}"#, "0.35",
      "x: Invalid value: 0.35: x in body should be a multiple of 0.1"
    ),
    (
      #"{"type":"integer","format":"int32"}"#, "3000000000",
      "x: Invalid value: 3000000000: Checked value must be of type integer with format int32 in x"
    ),
    (
      #"{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}"#,
      #"{"kind":"A"}"#, "x.apiVersion: Required value: must not be empty"
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

  /// Formats of texts, and what has them and has them not.
  @Test(arguments: [
    ("uuid", "123e4567e89b12d3a456426614174000", true),
    ("uuid", "123e4567-e89b-12d3-a456-426614174000", true), ("uuid", "123e4567", false),
    ("uuid4", "123e4567-e89b-12d3-a456-426614174000", false),
    ("date", "2024-02-29", true), ("date", "2025-02-29", false), ("date", "2025-02-31", false),
    ("date-time", "2025-02-28T10:00:00Z", true), ("date-time", "2025-02-31T10:00:00Z", false),
    ("date-time", "2025-02-28 10:00:00Z", false), ("datetime", "2025-02-28T24:00:00Z", false),
    ("mac", "52:54:00:00:00:01", true), ("mac", "5254.0000.0001", true),
    ("mac", "52:54:00:00:00", false), ("mac", "52:54-00:00:00:01", false),
    ("ipv4", "10.0.0.1", true), ("ipv4", "10.0.0.256", false),
    ("ipv6", "::", true), ("ipv6", "::1", true), ("ipv6", "fe80::", true),
    ("ipv6", "::ffff:10.0.0.1", true), ("ipv6", "1:2:3:4:5:6:7:8", true),
    ("ipv6", "1:2:3:4:5:6:7", false), ("ipv6", "1::2::3", false), ("ipv6", "10.0.0.1", false),
    ("ipv6", ":1:2:3:4:5:6:7", false), ("ipv6", "12345::", false),
    ("cidr", "10.0.0.0/8", true), ("cidr", "fd00::/64", true), ("cidr", "10.0.0.0/33", false),
    ("cidr", "10.0.0.0", false),
    ("hostname", "a.example.org", true), ("hostname", "host1", true), ("hostname", "-a.org", false),
    ("hostname", "a_b.org", false),
    ("email", "a@example.org", true), ("email", "nobody", false),
    ("uri", "https://example.org/a?b=c", true), ("uri", "/a", true), ("uri", "a b", false),
    ("uri", "nothing", false),
    ("duration", "1h30m", true), ("duration", "3 days", true), ("duration", "soon", false),
  ])
  func formats(format: String, text: String, isFit: Bool) throws {
    let causes = try causes(#"{"type":"string","format":"\#(format)"}"#, "\"\(text)\"")
    let objection =
      #"x: Invalid value: "\#(text)": x in body must be of type \#(format): "\#(text)""#
    #expect(causes == (isFit ? [] : [objection]))
  }

  /// Nulls where the schema wants none: dropped, or replaced by what it has instead.
  @Test(arguments: [
    (#"{"x-kubernetes-preserve-unknown-fields":true}"#, "null", "{}"),
    (#"{"x-kubernetes-preserve-unknown-fields":true,"nullable":true}"#, "null", #"{"x":null}"#),
    (#"{"type":"string","default":"a"}"#, "null", #"{"x":"a"}"#),
    (
      #"{"type":"object","additionalProperties":{"type":"string","default":"a"}}"#,
      #"{"k":null}"#, #"{"x":{"k":"a"}}"#
    ),
    (
      #"{"type":"object","additionalProperties":{"type":"string"}}"#, #"{"k":null}"#,
      #"{"x":{}}"#
    ),
    (
      #"{"type":"array","items":{"type":"string","default":"a"}}"#, #"[null,"b"]"#,
      #"{"x":["a","b"]}"#
    ),
  ])
  func nulls(schema: String, value: String, result: String) throws {
    let schema = StructuralSchema(
      ["type": "object", "properties": ["x": try ObjectNode(json: Array(schema.utf8))]])
    var unknown: [String] = []
    let pruned = schema.pruned(
      try ObjectNode(json: Array("{\"x\":\(value)}".utf8)), unknown: &unknown)
    #expect(
      String(decoding: schema.defaulted(pruned).canonicalJSON, as: UTF8.self) == result)
  }

  /// An object whose texts and patterns are too much together is refused, and holds nobody up.
  @Test func patternsAreMatchedWithinBounds() throws {
    let schema = #"{"type":"array","items":{"type":"string","pattern":"^(a?){900}b$"}}"#
    let text = String(repeating: "a", count: 900)
    let found = try causes(
      schema, "[" + (0..<200).map { _ in "\"\(text)\"" }.joined(separator: ",") + "]")
    #expect(found.last?.hasPrefix("<nil>: Too long: its texts and the patterns") == true)
  }

  @Test func takesTenths() throws {
    #expect(try causes(#"{"type":"number","multipleOf":0.1}"#, "0.3") == [])
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
