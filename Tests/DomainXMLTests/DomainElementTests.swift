import DomainXML
import Testing

@Suite struct DomainElementTests {
  @Test(arguments: [
    (DomainElement("a"), "<a />\n"),
    (DomainElement("a", text: ""), "<a></a>\n"),
    (
      DomainElement("a", ["b": "it's \"1\" & <2>\n", "c": nil], text: "\"x\" & <y>"),
      "<a b=\"it's &quot;1&quot; &amp; &lt;2&gt;&#10;\">\"x\" &amp; &lt;y&gt;</a>\n"
    ),
    (
      DomainElement("a", [DomainElement("b", ["c": "1"]), DomainElement("b", text: "2")]),
      "<a>\n  <b c=\"1\" />\n  <b>2</b>\n</a>\n"
    ),
    // XML 1.0 has no way to write these.
    (DomainElement("a", text: "\u{1}\u{FFFE}"), "<a>\u{FFFD}\u{FFFD}</a>\n"),
  ])
  func text(_ element: DomainElement, _ text: String) {
    #expect(element.xml() == text)
  }

  @Test func originsStandInOneColumnAndCannotEndTheirComment() {
    let element = DomainElement(
      "domain", origin: "a -- b--->-",
      [DomainElement("name", text: "x", origin: "two\nlines"), DomainElement("b")])
    #expect(
      element.xml(explained: true) == """
        <domain>          <!-- a - - b- - -&gt;-  -->
          <name>x</name>  <!-- two lines -->
          <b />
        </domain>

        """)
  }

  @Test func elementsAreChangedInPlace() {
    var element = DomainElement(
      "a", [DomainElement("b", ["c": "1"]), DomainElement("d"), DomainElement("b")])
    element.update("b") { $0[attribute: "c"] = "2" }
    #expect(element.all("b").map { $0[attribute: "c"] } == ["2", "2"])
    element.update("b") { $0[attribute: "c"] = nil }
    #expect(element.all("b").allSatisfy { $0.attributes.isEmpty })
    element.set(DomainElement("d", text: "e"))
    element.set(DomainElement("f"))
    #expect(element.children.map(\.name) == ["b", "d", "b", "f"])
    #expect(element.first("d")?.text == "e")
    element.remove("b")
    #expect(element.children.map(\.name) == ["d", "f"])
  }

  @Test func aDevicesNameIsItsAliasAsKubeVirtWritesIt() {
    let device = DomainElement("disk", [DomainElement("alias", ["name": "ua-root"])])
    #expect(device.deviceName == "root")
    #expect(DomainElement("disk", [DomainElement("alias", ["name": "x"])]).deviceName == nil)
  }
}
