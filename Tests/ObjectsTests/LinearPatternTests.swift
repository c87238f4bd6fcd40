import Testing

@testable import Objects

/// Regular expressions of schemas, as Go's regexp finds them.
@Suite struct LinearPatternTests {
  @Test(arguments: [
    ("abc", "xabcx", true), ("^abc$", "xabcx", false), ("^a|b$", "ab", true),
    ("^(a|b)$", "ab", false),
    ("", "", true), ("^$", "", true), ("^$", "a", false), ("a*", "", true), ("^a+$", "aaa", true),
    ("^a?b$", "b", true), ("^a{2,3}$", "aaaa", false), ("^a{2,3}$", "aaa", true),
    ("^a{2}$", "aa", true), ("^a{2,}$", "aaaaa", true), ("^a{2,}$", "a", false),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "my-name", true),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "my-", false), ("^[^a-c]$", "d", true),
    ("^[^a-c]$", "b", false), ("^[]a]+$", "]a", true), ("^[a\\]-]+$", "-]a", true),
    ("^\\d+\\.\\d+$", "1.5", true), ("^\\d+\\.\\d+$", "1x5", false),
    ("^\\w\\W\\s\\S$", "a- b", true),
    ("^.$", "\n", false), ("^.$", "ü", true), ("(?i)^abc$", "aBC", true),
    ("^(?:ab)+$", "abab", true),
    ("^(?P<name>ab)$", "ab", true), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoo", false),
    ("^[[:alpha:]]+$", "abZ", true), ("^[[:digit:]x]+$", "1x", true),
    ("^\\x41\\x{42}$", "AB", true),
    ("^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "10.0.2.15", true), ("^(a|ab)(c|bcd)$", "abcd", true),
    ("^(a*)*$", "aab", false), ("^(|a)+$", "aaa", true), ("^a.*?c$", "abbc", true),
  ])
  func finds(pattern: String, text: String, isFound: Bool) throws {
    #expect(try #require(LinearPattern(pattern)).isFound(in: text) == isFound)
  }

  @Test(arguments: [
    "(", ")", "a)", "[a", "*a", "a{3,2}", "a{2000}", "\\", "\\q", "[b-a]", "(?<n",
    "((((a{1000}){1000})))",
    "[[:nosuch:]]", "(?x)a",
  ])
  func malformedOnesAreNone(pattern: String) {
    #expect(LinearPattern(pattern) == nil)
  }

  /// What a matcher that goes back would take for ever over.
  @Test func timeGrowsWithTheText() throws {
    let pattern = try #require(LinearPattern("^(a+)+$"))
    let text = String(repeating: "a", count: 2000)
    #expect(pattern.isFound(in: text))
    #expect(!pattern.isFound(in: text + "b"))
  }
}
