extension XMLElement {
  /// The XML text, indented by two spaces, the same for the same element.
  ///
  /// - Parameter explained: whether each element's origin stands beside it, as a comment; the text
  ///   stays well-formed and means the same.
  package func xml(explained: Bool = false) -> String {
    var lines: [(text: String, origin: String?)] = []
    write(indentation: "", to: &lines)
    guard explained else { return lines.map { $0.text + "\n" }.joined() }
    // One column for all, but a long line does not push the others' comments out of sight.
    let column = min(72, lines.map(\.text.count).max() ?? 0)
    return lines.map { line in
      guard let origin = line.origin else { return line.text + "\n" }
      let padding = String(repeating: " ", count: max(0, column - line.text.count))
      return "\(line.text)\(padding)  <!-- \(Self.comment(origin)) -->\n"
    }.joined()
  }

  private func write(indentation: String, to lines: inout [(text: String, origin: String?)]) {
    var opening = "\(indentation)<\(name)"
    for attribute in attributes {
      opening += " \(attribute.name)=\"\(Self.escape(attribute.value, inAttribute: true))\""
    }
    if !children.isEmpty {
      lines.append((opening + ">", origin))
      for child in children { child.write(indentation: indentation + "  ", to: &lines) }
      lines.append(("\(indentation)</\(name)>", nil))
    } else if let text {
      lines.append(("\(opening)>\(Self.escape(text, inAttribute: false))</\(name)>", origin))
    } else {
      lines.append((opening + " />", origin))
    }
  }

  private static func escape(_ text: String, inAttribute: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where inAttribute: result += "&quot;"
      case "\t", "\n", "\r":
        // An XML parser makes blanks of these where they are not written as references.
        if inAttribute || scalar == "\r" {
          result += "&#\(scalar.value);"
        } else {
          result.unicodeScalars.append(scalar)
        }
      // XML 1.0, section 2.2: what no document may contain.
      case "\u{0}"..<"\u{20}", "\u{FFFE}"..."\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A comment's text: no two hyphens in a row (XML 1.0, section 2.5), no line ends.
  private static func comment(_ text: String) -> String {
    let line = escape(text.replacing("\n", with: " "), inAttribute: false)
    let broken = line.replacing("--", with: "- -").replacing("--", with: "- -")
    return broken.hasSuffix("-") ? broken + " " : broken
  }
}
