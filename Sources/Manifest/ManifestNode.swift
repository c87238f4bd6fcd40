/// A YAML value with its place in the file.
///
/// A value of its own rather than Yams': it is `Sendable`, aliases are resolved, and the place
/// counts from the start of the file, not of the document.
public struct ManifestNode: Hashable, Sendable {
  /// A key of a mapping and its value.
  public struct Entry: Hashable, Sendable {
    /// The key's text.
    public var key: String
    /// Where the key is.
    public var location: SourceLocation
    /// The value.
    public var value: ManifestNode

    /// A key and its value.
    public init(key: String, location: SourceLocation, value: ManifestNode) {
      self.key = key
      self.location = location
      self.value = value
    }
  }

  /// A text, number, boolean or null.
  public struct Scalar: Hashable, Sendable {
    /// The text without quotes or block indentation.
    public var text: String
    /// Whether it is written without quotes, so that `1`, `true` and `null` are not text.
    public var isPlain: Bool
    /// Where the text itself begins, when line N of the text is line N from there at the same
    /// column (a `|` block, or one line in quotes); `nil` when no such place is known.
    public var origin: SourceLocation?

    /// A scalar.
    public init(text: String, isPlain: Bool, origin: SourceLocation? = nil) {
      self.text = text
      self.isPlain = isPlain
      self.origin = origin
    }
  }

  /// What a node holds.
  public enum Content: Hashable, Sendable {
    /// Keys and values in the order of the file.
    case mapping([Entry])
    /// Items in order.
    case sequence([ManifestNode])
    /// A text, number, boolean or null.
    case scalar(Scalar)
  }

  /// What the node holds.
  public var content: Content
  /// Where it begins.
  public var location: SourceLocation

  /// A node.
  public init(_ content: Content, location: SourceLocation) {
    self.content = content
    self.location = location
  }

  /// The value of a key of a mapping; `nil` when there is none.
  public subscript(key: String) -> ManifestNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// Whether it is null: nothing, `~` or `null` (YAML 1.2 core schema).
  public var isNull: Bool {
    guard case .scalar(let scalar) = content, scalar.isPlain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
  }

  /// What JSON would call it, for messages: `object`, `array`, `string`, `number`, `bool`, `null`.
  public var jsonKind: String {
    switch content {
    case .mapping: return "object"
    case .sequence: return "array"
    case .scalar(let scalar):
      if isNull { return "null" }
      guard scalar.isPlain else { return "string" }
      if scalar.boolean != nil { return "bool" }
      return scalar.isNumber ? "number" : "string"
    }
  }
}

extension ManifestNode.Scalar {
  /// The boolean, as Kubernetes' YAML reads it (YAML 1.1: `yes` and `on` too); `nil` for another
  /// text or when it is in quotes.
  public var boolean: Bool? {
    guard isPlain else { return nil }
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
    default: return nil
    }
  }

  /// The integer, decimal or hexadecimal (`0x`), octal (`0o` or a leading `0`) or binary (`0b`);
  /// `nil` for another text, when it is in quotes, or out of range.
  public var integer: Int? {
    guard isPlain, let first = text.unicodeScalars.first, first != "_" else { return nil }
    let digits = text.contains("_") ? text.filter { $0 != "_" } : text
    let isNegative = digits.hasPrefix("-")
    let magnitude = digits.drop { "+-".contains($0) }
    if magnitude == "0" || !magnitude.hasPrefix("0") { return Int(digits) }
    let value: Int?
    if magnitude.hasPrefix("0x") {
      value = Int(magnitude.dropFirst(2), radix: 16)
    } else if magnitude.hasPrefix("0o") {
      value = Int(magnitude.dropFirst(2), radix: 8)
    } else if magnitude.hasPrefix("0b") {
      value = Int(magnitude.dropFirst(2), radix: 2)
    } else {
      value = Int(magnitude, radix: 8)
    }
    return value.map { isNegative ? -$0 : $0 }
  }

  /// Whether the text reads as a number, whole or not.
  public var isNumber: Bool {
    guard isPlain, let first = text.utf8.first else { return false }
    guard (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else { return false }
    return integer != nil || Double(text) != nil
  }
}
