import Mutations
import Testing

@testable import Objects

private func json(_ text: String) throws -> ObjectNode { try ObjectNode(json: Array(text.utf8)) }

extension ObjectNode {
  fileprivate var text: String { String(decoding: canonicalJSON, as: UTF8.self) }
}

@Suite struct JSONReadingTests {
  @Test(arguments: [
    (#" {"b" : 1, "a":[true,false,null] } "#, #"{"a":[true,false,null],"b":1}"#),
    (#"{"a":1,"a":2}"#, #"{"a":2}"#),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("9223372036854775808", "9223372036854775808"),
    ("4.0", "4.0"), ("4", "4"), ("-0", "-0"), ("1e3", "1e3"), ("0.1", "0.1"),
    (#""\u0041\n\t\"\\\/""#, #""A\n\t\"\\/""#),
    (#""\ud83d\ude00""#, #""😀""#), (#""\ud83d""#, "\"\u{fffd}\""),
    (#""\ud83dx""#, "\"\u{fffd}x\""), (#""\ud83d\u0041""#, "\"\u{fffd}A\""),
    (#"{"":{}}"#, #"{"":{}}"#), ("[]", "[]"), ("[ [ ] , {} ]", "[[],{}]"),
  ]) func readsAndWrites(text: String, written: String) throws {
    #expect(try json(text).text == written)
    #expect(try json(written) == json(text))
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "1.", ".5", "-", "+1",
    "1e", "tru", "nul", "\"", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "1 2", "[1 2]", "1e999",
    "\"a\nb\"", "NaN", "{\"a\":}", "]", "\u{feff}1",
  ]) func refuses(text: String) {
    #expect(throws: JSONError.self) { try json(text) }
  }

  @Test func refusesWhatIsNoUTF8() {
    #expect(throws: JSONError.self) { try ObjectNode(json: [0x22, 0xff, 0x22]) }
    #expect(throws: JSONError.self) { try ObjectNode(json: [0x22, 0xc0, 0x80, 0x22]) }
  }

  @Test func nestsToItsLimitAndNoFurther() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(try json(nested(128)).depth == 128)
    #expect(throws: JSONError(reason: "more than 128 levels", offset: 128)) {
      try json(nested(129))
    }
    #expect(throws: JSONError.self) { try json(String(repeating: "[", count: 1_000_000)) }
  }

  @Test func changedTextNeverCrashesAndNeverReadsDifferently() throws {
    var numbers = RepeatableNumbers(seed: 8259)
    let text =
      #"{"metadata":{"name":"a","labels":{"x":"\u00e9"}},"n":[1,-2.5e3,true,null],"s":"é"}"#
    var read = 0
    for _ in 0..<20_000 {
      guard let tree = try? ObjectNode(json: numbers.changed(Array(text.utf8))) else { continue }
      read += 1
      #expect(try ObjectNode(json: tree.canonicalJSON) == tree)
    }
    #expect(read > 100)
  }

  @Test func manyFieldsInAnyOrder() throws {
    var numbers = RepeatableNumbers(seed: 1)
    let names = (0..<500).map { "name-\($0)" }
    let fields = names.shuffled(using: &numbers)
    let tree = try json("{" + (fields + fields).map { "\"\($0)\":1" }.joined(separator: ",") + "}")
    #expect(tree.entries.map(\.key) == names.sorted())
  }

  @Test func namesThatLookAlikeAreNotTheSame() throws {
    let tree = try json("{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(tree["\u{e9}"] == 1)
    #expect(tree["e\u{301}"] == 2)
    #expect(try json("\"\u{e9}\"") != json("\"e\u{301}\""))
  }

  @Test func setsByPath() throws {
    var tree = try json(#"{"a":{"b":1},"c":5}"#)
    tree["a", "x", "y"] = "new"
    tree["c", "d"] = true
    tree["no", "such", "place"] = nil
    tree["a", "b", "z"] = nil
    tree["a", "gone"] = nil
    #expect(tree.text == #"{"a":{"b":1,"x":{"y":"new"}},"c":{"d":true}}"#)
    tree["a", "b"] = nil
    #expect(tree["a", "b"] == nil)
    #expect(tree["c", "d"]?.boolean == true)
  }

  @Test func sharingChangesNothing() throws {
    let old = try json(#"{"a":{"b":[1,2,{"c":3}]},"d":"text that is no small string"}"#)
    for text in [
      #"{"a":{"b":[1,2,{"c":4}]},"d":"text that is no small string"}"#, old.text, "{}", "[1]",
      #"{"a":{"b":[1]},"e":null}"#,
    ] {
      #expect(try json(text).sharing(with: old) == json(text))
    }
  }
}
