/// Elements of an SVG 1.1 document, in the order in which they are painted. Lengths are in user
/// units, which are pixels at the document's own size.
struct SVGCanvas {
  private(set) var lines: [String] = []

  /// A rectangle with round corners.
  mutating func rectangle(
    _ frame: SVGFrame, radius: Double = 6, class name: String, tip: String? = nil
  ) {
    let place = "x=\"\(number(frame.x))\" y=\"\(number(frame.y))\""
    let size = "width=\"\(number(frame.width))\" height=\"\(number(frame.height))\""
    element("rect \(place) \(size) rx=\"\(number(radius))\"", class: name, tip: tip)
  }

  /// A level line.
  mutating func line(from start: Double, to end: Double, y: Double, class name: String) {
    element(
      "line x1=\"\(number(start))\" y1=\"\(number(y))\" x2=\"\(number(end))\" y2=\"\(number(y))\"",
      class: name)
  }

  /// A line of text; `y` is the baseline.
  mutating func text(
    _ text: String, x: Double, y: Double, class name: String, tip: String? = nil
  ) {
    let title = tip.map { "<title>\(escaped($0))</title>" } ?? ""
    lines.append(
      "<text x=\"\(number(x))\" y=\"\(number(y))\" class=\"\(name)\">\(title)\(escaped(text))</text>"
    )
  }

  private mutating func element(_ start: String, class name: String, tip: String? = nil) {
    if let tip {
      let tag = start.prefix { $0 != " " }
      lines.append(
        "<\(start) class=\"\(name)\"><title>\(escaped(tip))</title></\(tag)>")
    } else {
      lines.append("<\(start) class=\"\(name)\"/>")
    }
  }

  /// Text as XML's character data and attribute values take it; XML has no control characters.
  func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A number without a needless fraction, at most one digit of it.
  func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

/// A rectangle's place and size.
struct SVGFrame {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Double { x + width / 2 }
}

/// What a text measures, near enough: the viewer chooses the font.
enum TextMeasure {
  /// The width of a text in a sans-serif font of a size.
  static func width(_ text: String, size: Double) -> Double {
    Double(text.count) * size * 0.6
  }

  /// The text, or its beginning and an ellipsis where it is wider than `width`.
  static func fitted(_ text: String, width: Double, size: Double) -> String {
    let limit = max(1, Int(width / (size * 0.6)))
    return text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }
}
