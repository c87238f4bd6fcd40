import Mutations
import Testing

@testable import DomainXML

@Suite struct XMLParsingTests {
  private static let fixtures = ["running.xml", "inactive.xml", "capabilities-tcg.xml"]

  @Test(arguments: [
    ("<a/>", XMLElement("a")),
    ("<a></a>", XMLElement("a", text: "")),
    ("\u{FEFF}<?xml version='1.0'?>\n<!-- a - b -->\n<?p q?><a />\n<!---->", XMLElement("a")),
    ("<a>\n  <b/>x\n</a>", XMLElement("a", [XMLElement("b")])),
    ("<a>1<!-- 2 -->3<?p 4?><![CDATA[<&5]]]]></a>", XMLElement("a", text: "13<&5]]")),
    ("<a> &lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;&#xd;</a>", XMLElement("a", text: " <&>\"'A😀\r")),
    ("<a>x\r\ny\rz</a>", XMLElement("a", text: "x\ny\nz")),
    ("<a c='\"1\t&#9;\n' b=\"it's\"/>", XMLElement("a", ["c": "\"1 \t ", "b": "it's"])),
    ("<q:a xmlns:q='u' q:b-1._='ü'/>", XMLElement("q:a", ["xmlns:q": "u", "q:b-1._": "ü"])),
  ])
  func elements(_ text: String, _ element: XMLElement) throws {
    #expect(try XMLElement(parsing: text) == element)
  }

  @Test(arguments: [
    ("", 1, "an element is expected"),
    ("x", 1, "an element is expected"),
    ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 1, "a document type is not read"),
    ("<a>\n&b;</a>", 2, "the entity &b; is not one of XML's five"),
    ("<a>\n<b>\n</a>", 3, "</a> where <b> of line 2 is to be closed"),
    ("<a>\n<b/>\n", 3, "<a> of line 1 is not closed"),
    ("<a/>\n<b/>", 2, "something comes after the root element"),
    ("<a>&</a>", 1, "& is not the beginning of a reference"),
    ("<a>&#0;</a>", 1, "&#0; is not a character of XML"),
    ("<a>&#xD800;</a>", 1, "&#xD800; is not a character of XML"),
    ("<a>&#+65;</a>", 1, "&#+65; is not a character of XML"),
    ("<a>\u{1}</a>", 1, "a character that XML does not allow"),
    ("<a>\n\u{FFFF}</a>", 2, "a character that XML does not allow"),
    ("<a>]]></a>", 1, "]]> outside of a CDATA section"),
    ("<a><![CDATA[</a>", 1, "a CDATA section does not end"),
    ("<a><!-- -- --></a>", 1, "-- in a comment"),
    ("<a><?xml?></a>", 1, "<?xml is not at the beginning"),
    ("<a b='1' b='2'/>", 1, "the attribute b comes twice"),
    ("<a b='1'c='2'/>", 1, "a space, > or /> is expected in <a"),
    ("<a b/>", 1, "= is expected after the attribute b"),
    ("<a b=1/>", 1, "the value of the attribute b is not in quotes"),
    ("<a b='1/>", 1, "the value of the attribute b does not end"),
    ("<a b='<'/>", 1, "< in the value of an attribute"),
    ("<1/>", 1, "a name is expected"),
    ("<ü/>", 1, "a name is expected"),
  ])
  func errorsHaveALine(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: XMLParsingError(line: line, reason: reason)) {
      try XMLElement(parsing: text)
    }
  }

  @Test func theRootElementIsTheOneThatIsAskedFor() throws {
    #expect(try XMLElement(parsing: "<a/>", root: "a") == XMLElement("a"))
    #expect(throws: XMLParsingError(line: 1, reason: "the root element is <a>, not <b>")) {
      try XMLElement(parsing: "<a/>", root: "b")
    }
  }

  /// What is just within a limit is read, one more is refused.
  @Test func limits() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
    }
    func attributes(_ count: Int) -> String {
      "<a" + (0..<count).map { " b\($0)=''" }.joined() + "/>"
    }
    func long(_ bytes: Int) -> String {
      "<a>" + String(repeating: "x", count: bytes - 7) + "</a>"
    }
    for text in [nested(100), attributes(256), long(4 << 20)] {
      _ = try XMLElement(parsing: text)
    }
    for (text, words) in [
      (nested(101), "100 levels"), (attributes(257), "256 attributes"),
      (long((4 << 20) + 1), "more"),
      (String(repeating: "<a>", count: 1 << 20), "100 levels"),
    ] {
      let error = #expect(throws: XMLParsingError.self) { try XMLElement(parsing: text) }
      #expect(error?.reason.contains(words) == true)
    }
  }

  @Test(arguments: fixtures)
  func whatIsWrittenIsReadAsItWas(_ name: String) throws {
    let element = try XMLElement(parsing: fixture(name))
    #expect(try XMLElement(parsing: element.xml()) == element)
  }

  @Test(arguments: fixtures + ["baseline-tcg.xml"])
  func anotherParserReadsTheSame(_ name: String) throws {
    let text = try fixture(name)
    #expect(try XMLElement(parsing: text).sorted == FoundationTree.parse(text))
  }

  /// Whatever is done to a document, it is refused, or what was read of it is written and read again
  /// as it was.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func damagedDocumentsAreRefusedOrRead(_ seed: UInt64) throws {
    var numbers = RepeatableNumbers(seed: seed)
    let document = Array(
      """
      <domain type='qemu' id="1"><!-- note --><name>a &amp; b</name>
      <os><nvram template='&#x41;&quot;'>/x</nvram><empty/><pair></pair></os>
      <![CDATA[c]]><?p q?></domain>
      """.utf8)
    var read = 0
    for _ in 0..<400 {
      let text = String(decoding: numbers.changed(document), as: UTF8.self)
      guard let element = try? XMLElement(parsing: text) else { continue }
      read += 1
      #expect(try XMLElement(parsing: element.xml()) == element, "\(text)")
    }
    #expect((1..<400).contains(read))
  }
}

extension XMLElement {
  /// The same with its attributes in the order of their names, and without empty text.
  fileprivate var sorted: XMLElement {
    var element = self
    element.attributes.sort { $0.name < $1.name }
    element.children = children.map(\.sorted)
    if text == "" { element.text = nil }
    return element
  }
}
