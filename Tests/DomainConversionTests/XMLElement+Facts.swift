import DomainXML
import Foundation

extension XMLElement {
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
