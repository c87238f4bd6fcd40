import Kinds
import Testing

@Suite struct KeyRequestTests {
  @Test(
    arguments: [
      ("ctrl+alt+delete", ["KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_DELETE"]), ("F2", ["KEY_F2"]),
      ("a", ["KEY_A"]), ("A", ["KEY_LEFTSHIFT", "KEY_A"]), ("ctrl+C", ["KEY_LEFTCTRL", "KEY_C"]),
      ("+", ["KEY_LEFTSHIFT", "KEY_EQUAL"]), ("KEY_KPENTER", ["KEY_KPENTER"]), ("7", ["KEY_7"]),
      ("hyper+x", nil), ("ctrl+", nil), ("", nil), ("f13", nil), ("++", nil),
    ] as [(String, [String]?)])
  func names(_ text: String, _ keys: [String]?) {
    #expect(KeyRequest.keys(named: text) == keys)
  }

  @Test func aTextIsTypedAsOnAUSKeyboard() throws {
    let groups = try KeyRequest.keys(typing: "aB1! ~|\n")
    #expect(
      groups == [
        ["KEY_A"], ["KEY_LEFTSHIFT", "KEY_B"], ["KEY_1"], ["KEY_LEFTSHIFT", "KEY_1"],
        ["KEY_SPACE"], ["KEY_LEFTSHIFT", "KEY_GRAVE"], ["KEY_LEFTSHIFT", "KEY_BACKSLASH"],
        ["KEY_ENTER"],
      ])
    // Every character of ASCII that can be seen.
    let all = String((0x20..<0x7f).compactMap(UnicodeScalar.init).map(Character.init))
    #expect(try Set(KeyRequest.keys(typing: all)).count == all.count)
    let error = #expect(throws: KeyError.self) { try KeyRequest.keys(typing: "aü") }
    #expect(error?.description.contains("\"ü\" is not on a US keyboard") == true)
  }
}
