extension ObjectNode {
  /// A text, number, boolean or null.
  package struct Scalar: Hashable, Sendable {
    /// The text without quotes or block indentation.
    package var text: String
    /// Whether it is written without quotes, so that `1`, `true` and `null` are not text.
    package var isPlain: Bool
    /// Where the text itself begins, when line N of the text is line N from there at the same
    /// column (a `|` block, or one line in quotes); `nil` when no such place is known.
    package var origin: SourceLocation?

    /// A place in the file from which on text stands as it is, up to the next such place.
    package struct Place: Hashable, Sendable {
      /// The offset in the text, in bytes of UTF-8.
      package var offset: Int
      /// Where that is in the file.
      package var location: SourceLocation
    }

    /// Where the pieces of a JSON object's text are, when it has no ``origin``: in a folded block,
    /// in quotes over several lines, or with escapes. Empty for other texts.
    package var places: [Place]

    /// A scalar.
    package init(
      text: String, isPlain: Bool, origin: SourceLocation? = nil, places: [Place] = []
    ) {
      self.text = text
      self.isPlain = isPlain
      self.origin = origin
      self.places = places
    }
  }
}

extension ObjectNode.Scalar {
  /// Whether it is null: nothing, `~` or `null` (YAML 1.2 core schema).
  var isNull: Bool {
    guard isPlain, text.utf8.count <= 4 else { return false }
    switch text {
    case "", "~", "null", "Null", "NULL": return true
    default: return false
    }
  }

  /// The boolean, as Kubernetes' YAML reads it (YAML 1.1: `yes`, `on` and `y` too); `nil` for another
  /// text or when it is in quotes.
  package var boolean: Bool? {
    guard isPlain, text.utf8.count <= 5 else { return nil }
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return false
    default: return nil
    }
  }

  /// The integer, decimal or hexadecimal (`0x`), octal (`0o` or a leading `0`) or binary (`0b`);
  /// `nil` for another text, when it is in quotes, or out of range.
  package var integer: Int? {
    guard isPlain, let first = text.utf8.first,
      (0x30...0x39).contains(first) || first == 0x2b
        || first == 0x2d
    else { return nil }
    if (0x31...0x39).contains(first), let value = Int(text) { return value }
    let digits = text.contains("_") ? text.filter { $0 != "_" } : text
    let isNegative = digits.hasPrefix("-")
    let magnitude = digits.drop { "+-".contains($0) }
    if magnitude == "0" || !magnitude.hasPrefix("0") { return Int(digits) }
    let value: Int?
    switch magnitude.dropFirst().first {
    case "x", "X": value = Int(magnitude.dropFirst(2), radix: 16)
    case "o", "O": value = Int(magnitude.dropFirst(2), radix: 8)
    case "b", "B": value = Int(magnitude.dropFirst(2), radix: 2)
    default: value = Int(magnitude, radix: 8)
    }
    return value.map { isNegative ? -$0 : $0 }
  }

  /// Whether the text reads as a number, whole or not: one too large for a double is text, and so
  /// is a fraction that is not decimal (go-yaml, resolve.go).
  package var isNumber: Bool {
    guard isPlain, let first = text.utf8.first else { return false }
    guard (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else { return false }
    if integer != nil { return true }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-._eE".utf8.contains($0) }) else {
      return false
    }
    let digits = text.contains("_") ? text.filter { $0 != "_" } : text
    return Double(digits)?.isFinite == true
  }
}
