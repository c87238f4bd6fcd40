import DomainXML
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads XML into elements with Foundation's parser, which is libxml2: the second opinion on ours.
/// Attributes are sorted by name, which is all that Foundation leaves of their order.
final class FoundationTree: NSObject, XMLParserDelegate {
  private var open: [DomainXML.XMLElement] = [DomainXML.XMLElement("")]

  /// The root element; `nil` for a text that is not well-formed.
  static func parse(_ text: String) -> DomainXML.XMLElement? {
    let parser = XMLParser(data: Data(text.utf8))
    let tree = FoundationTree()
    parser.delegate = tree
    return parser.parse() ? tree.open[0].children.first : nil
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    var element = DomainXML.XMLElement(name)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      element[attribute: name] = value
    }
    open.append(element)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    open[open.count - 1].text = (open[open.count - 1].text ?? "") + text
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    var element = open.removeLast()
    if !element.children.isEmpty { element.text = nil }
    open[open.count - 1].children.append(element)
  }
}
