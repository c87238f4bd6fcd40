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
    ("^[\\s\\S]$", "x", true), ("^[\\S]$", " ", false), ("^[\\S]$", "x", true),
    ("^[^\\W_]+$", "ab1", true), ("^[^\\W_]+$", "a_", false), ("^\\pL+$", "aÄж", true),
    ("^\\pL$", "1", false), ("^\\p{Lu}$", "Ä", true), ("^\\p{Lu}$", "ä", false),
    ("^\\P{Lu}$", "ä", true), ("^\\p{^Lu}$", "Ä", false), ("^[\\pN-]+$", "1-2", true),
    ("^[[:^digit:]]$", "a", true), ("^[[:^digit:]]$", "1", false),
    ("^[[:print:]]+$", "a ~", true), ("^[[:print:]]+$", "a\t", false),
    ("^[[:graph:]]$", " ", false), ("^[[:blank:]]+$", " \t", true),
    ("^[[:cntrl:]]$", "\u{1}", true), ("^[[:ascii:]]$", "ü", false),
    ("^\\Qa.b*\\E$", "a.b*", true), ("^\\Qa.b\\E$", "axb", false),
    ("^\\Qab\\E+$", "abb", true), ("\\Q(", "(", true), ("^\\012$", "\n", true),
    ("^\\0$", "\0", true), ("(?s)^.$", "\n", true), ("(?s)a.c", "a\nc", true),
    ("(?m)^b$", "a\nb\nc", true), ("^b$", "a\nb\nc", false), ("(?s:.)(?-s).", "\n\n", false),
    ("(?m-m)^b", "a\nb", false), ("(?i)^[^a]$", "A", false), ("(?i:a)b", "AB", false),
    ("(?i)^ä$", "Ä", true), ("^a{,2}$", "a{,2}", true), ("^a{x$", "a{x", true),
    ("^{x}$", "{x}", true),
    ("^((((((((((a+)+)+)+)+)+)+)+)+)+)+$", "aaa", true), ("^[[:a]+$", "a:[", true),
    ("^(a||b)$", "", true), ("^(a|b|c|d)$", "c", true), ("^(a|b|c|d)$", "e", false),
    ("^(a*)*$", "aab", false), ("^(|a)+$", "aaa", true), ("^a.*?c$", "abbc", true),
  ])
  func finds(pattern: String, text: String, isFound: Bool) throws {
    var work = MatchingWork()
    #expect(try #require(LinearPattern(pattern)).isFound(in: text, &work) == isFound)
  }

  @Test(arguments: [
    "(", ")", "a)", "[a", "*a", "a{3,2}", "a{2000}", "\\", "\\q", "[b-a]", "(?<n",
    "((((a{1000}){1000})))",
    "[[:nosuch:]]", "(?x)a", "a**", "a+*", "a{2}{3}", "{2}", "({2})", "a|*", "(?i)*", "(?i",
    "(?i-)a",
    "\\1", "\\8", "\\x4", "\\x{110000}", "\\x{+4}", "\\p{Nosuch}", "\\pX", "\\p{Greek}", "\\E",
    "\\C",
    "[a-\\d]", "[\\b]", "[]", "[^]", "(?P<n>a)(?P<n>b)", "(?P<>a)", "(?P<a-b>a)", "(?Pn>a)",
    "a{1001}",
    "(a?){1000}(a?){1000}", "(){0,1000}(){0,1000}(){0,1000}",
  ])
  func malformedOnesAreNone(pattern: String) {
    #expect(LinearPattern(pattern) == nil)
  }

  /// What a matcher that goes back would take for ever over.
  @Test func timeGrowsWithTheText() throws {
    let pattern = try #require(LinearPattern("^(a+)+$"))
    let text = String(repeating: "a", count: 2000)
    var work = MatchingWork()
    #expect(pattern.isFound(in: text, &work) == true)
    #expect(pattern.isFound(in: text + "b", &work) == false)
    #expect(!work.isUsedUp)
  }

  /// What grows with the text is bounded too: all the texts of an object share it.
  @Test func workIsBounded() throws {
    let pattern = try #require(LinearPattern("^(a?){600}$"))
    let text = String(repeating: "a", count: 1000)
    var work = MatchingWork(steps: 100_000)
    #expect(pattern.isFound(in: text, &work) == nil)
    #expect(work.isUsedUp)
    // A long text is nothing to a short expression.
    var other = MatchingWork(steps: 100_000)
    #expect(
      try #require(LinearPattern("^a+$"))
        .isFound(in: String(repeating: "a", count: 10_000), &other) == true)
  }

  /// Many alternatives and long classes are read in time that grows with their length.
  @Test func longExpressionsAreReadAtOnce() throws {
    var work = MatchingWork()
    let words = (0..<300).map { "w\($0)" }
    let alternatives = try #require(
      LinearPattern("^(" + words.joined(separator: "|").prefix(1400) + ")$"))
    #expect(alternatives.isFound(in: "w200", &work) == true)
    let characters = String(repeating: "ab", count: 8000)
    #expect(try #require(LinearPattern("^[\(characters)]$")).isFound(in: "b", &work) == true)
    #expect(LinearPattern("[\(characters)\(characters)]") == nil)
  }
}
