import DomainXML
import Testing

@Suite struct XMLElementTests {
  @Test(arguments: [
    (XMLElement("a"), "<a />\n"),
    (XMLElement("a", text: ""), "<a></a>\n"),
    (
      XMLElement("a", ["b": "it's \"1\" & <2>\n", "c": nil], text: "\"x\" & <y>"),
      "<a b=\"it's &quot;1&quot; &amp; &lt;2&gt;&#10;\">\"x\" &amp; &lt;y&gt;</a>\n"
    ),
    (
      XMLElement("a", [XMLElement("b", ["c": "1"]), XMLElement("b", text: "2")]),
      "<a>\n  <b c=\"1\" />\n  <b>2</b>\n</a>\n"
    ),
    // XML 1.0 has no way to write these.
    (XMLElement("a", text: "\u{1}\u{FFFE}"), "<a>\u{FFFD}\u{FFFD}</a>\n"),
  ])
  func text(_ element: XMLElement, _ text: String) {
    #expect(element.xml() == text)
  }

  @Test func originsStandInOneColumnAndCannotEndTheirComment() {
    let element = XMLElement(
      "domain", origin: "a -- b--->-",
      [XMLElement("name", text: "x", origin: "two\nlines"), XMLElement("b")])
    #expect(
      element.xml(explained: true) == """
        <domain>          <!-- a - - b- - -&gt;-  -->
          <name>x</name>  <!-- two lines -->
          <b />
        </domain>

        """)
  }

  @Test func elementsAreChangedInPlace() {
    var element = XMLElement(
      "a", [XMLElement("b", ["c": "1"]), XMLElement("d"), XMLElement("b")])
    element.update("b") { $0[attribute: "c"] = "2" }
    #expect(element.all("b").map { $0[attribute: "c"] } == ["2", "2"])
    element.update("b") { $0[attribute: "c"] = nil }
    #expect(element.all("b").allSatisfy { $0.attributes.isEmpty })
    element.set(XMLElement("d", text: "e"))
    element.set(XMLElement("f"))
    #expect(element.children.map(\.name) == ["b", "d", "b", "f"])
    #expect(element.first("d")?.text == "e")
    element.remove("b")
    #expect(element.children.map(\.name) == ["d", "f"])
  }

  @Test func aPathLeadsToTheFirstOfEachName() {
    let element = XMLElement(
      "a",
      [XMLElement("b", []), XMLElement("b", [XMLElement("c")]), XMLElement("d", [XMLElement("c")])])
    #expect(element.first("d", "c") == XMLElement("c"))
    #expect(element.first("b", "c") == nil && element.first("e") == nil)
  }
}
