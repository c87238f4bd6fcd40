/// The field Warning with the code 299, by which an API server tells clients what they may not have
/// meant (RFC 9111 section 5.5; apimachinery, pkg/util/net/http.go).
enum WarningField {
  /// Bytes of one warning, and of all.
  private static let limits = (one: 256, all: 4096)

  /// The values of the field for some texts; equal ones are said once, and too many not at all.
  static func values(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    var bytes = 0
    var values: [String] = []
    for text in texts where seen.insert(text).inserted {
      let value = "299 - \"\(escaped(text))\""
      bytes += value.utf8.count
      guard bytes <= limits.all else { break }
      values.append(value)
    }
    return values
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      guard escaped.utf8.count < limits.one else { return escaped + "..." }
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case let scalar where scalar.value < 0x20 || scalar.value == 0x7f: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
