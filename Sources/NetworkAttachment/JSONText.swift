/// JSON that keeps the order of its fields, for people to read; encoders sort them or do not say.
indirect enum JSONText: Hashable, Sendable {
  case object([Field])
  case array([JSONText])
  case string(String)
  case int(Int)
  case bool(Bool)

  /// A field of an object.
  struct Field: Hashable, Sendable {
    var name: String
    var value: JSONText
  }

  /// Text with two spaces for each level; objects without objects inside take one line in a list.
  func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .object(let fields) where fields.isEmpty: return "{}"
    case .object(let fields):
      let lines = fields.map { "\(inner)\(Self.quoted($0.name)): \($0.value.text(indent: inner))" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    case .array(let items) where items.isEmpty: return "[]"
    case .array(let items):
      let lines = items.map { inner + ($0.line ?? $0.text(indent: inner)) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .string(let text): return Self.quoted(text)
    case .int(let number): return String(number)
    case .bool(let truth): return String(truth)
    }
  }

  /// The value in one line; `nil` for one that holds objects or lists.
  private var line: String? {
    switch self {
    case .object(let fields):
      var parts: [String] = []
      for field in fields {
        switch field.value {
        case .object, .array: return nil
        default: parts.append("\(Self.quoted(field.name)): \(field.value.text())")
        }
      }
      return "{\(parts.joined(separator: ", "))}"
    case .array: return nil
    default: return text()
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
