import DomainXML
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads XML into elements, with libxml2.
final class XMLTree: NSObject, XMLParserDelegate {
  private var open: [DomainElement] = [DomainElement("")]

  /// The root element; `nil` for a text that is not well-formed.
  static func parse(_ text: String) -> DomainElement? {
    let parser = XMLParser(data: Data(text.utf8))
    let tree = XMLTree()
    parser.delegate = tree
    return parser.parse() ? tree.open[0].children.first : nil
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    var element = DomainElement(name)
    for (name, value) in attributes { element[attribute: name] = value }
    open.append(element)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    open[open.count - 1].text = (open[open.count - 1].text ?? "") + text
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    let element = open.removeLast()
    open[open.count - 1].children.append(element)
  }
}

extension DomainElement {
  /// One line for each attribute and each text, by its path, sorted: what two domains can be
  /// compared by whatever the order of their elements. Devices are told apart by their names.
  func facts(at path: String = "") -> [String] {
    let identity =
      deviceName ?? self[attribute: "name"] ?? self[attribute: "id"] ?? self[attribute: "type"]
    let own = "\(path)/\(name)" + (identity.map { "[\($0)]" } ?? "")
    var lines = [own]
    lines += attributes.map { "\(own)@\($0.name) = \($0.value)" }
    let text = (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    if children.isEmpty, !text.isEmpty { lines.append("\(own) = \(text)") }
    return (lines + children.flatMap { $0.facts(at: own) }).sorted()
  }
}
