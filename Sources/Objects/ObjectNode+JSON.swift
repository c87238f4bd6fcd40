/// How JSON is laid out for people: two spaces for each level.
package enum JSONLayout: Sendable {
  /// Fields in their order; objects and lists without any inside take one line in a list.
  case dense
  /// Fields sorted by name, each value on a line of its own, ` : ` between both; an empty object has
  /// an empty line (Foundation's JSONEncoder).
  case sorted
}

extension ObjectNode {
  /// The node as JSON (RFC 8259), without a line feed at the end.
  package func json(_ layout: JSONLayout, indent: String = "") -> String {
    let inner = indent + "  "
    func lines(_ lines: [String], _ open: String, _ close: String) -> String {
      if lines.isEmpty, layout == .dense { return open + close }
      return "\(open)\n\(lines.joined(separator: ",\n"))\n\(indent)\(close)"
    }
    switch content {
    case .mapping(var entries):
      if layout == .sorted { entries.sort { $0.key < $1.key } }
      let separator = layout == .sorted ? " : " : ": "
      return lines(
        entries.map {
          inner + Self.quoted($0.key) + separator + $0.value.json(layout, indent: inner)
        }, "{", "}")
    case .sequence(let items):
      return lines(
        items.map { item in
          inner + ((layout == .dense ? item.line : nil) ?? item.json(layout, indent: inner))
        }, "[", "]")
    case .scalar(let scalar): return scalar.json
    }
  }

  /// An object or a value in one line; `nil` for a list and for what holds objects or lists.
  private var line: String? {
    guard !isSequence else { return nil }
    guard isMapping else { return scalar?.json }
    let parts = entries.map { entry in
      entry.value.scalar.map { "\(Self.quoted(entry.key)): \($0.json)" }
    }
    guard parts.allSatisfy({ $0 != nil }) else { return nil }
    return "{\(parts.compactMap { $0 }.joined(separator: ", "))}"
  }

  fileprivate static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    writeJSON(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ObjectNode.Scalar {
  /// The value as JSON: a number as it is written where JSON has it so, else by its value.
  fileprivate var json: String {
    switch canonical {
    case .literal(let text): text
    case .text(let text): ObjectNode.quoted(text)
    default: "null"
    }
  }
}
