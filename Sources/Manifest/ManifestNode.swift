/// A YAML value with its place in the file.
///
/// Aliases are resolved, and the place counts from the start of the file, not of the document.
package struct ManifestNode: Sendable {
  /// A key of a mapping and its value.
  package struct Entry: Sendable {
    /// The key's text.
    package var key: String
    /// Where the key is.
    package var location: SourceLocation
    /// The value.
    package var value: ManifestNode

    /// A key and its value.
    package init(key: String, location: SourceLocation, value: ManifestNode) {
      self.key = key
      self.location = location
      self.value = value
    }

    /// The entry of a tree whose key is at an index, its value being the next node.
    fileprivate init(_ tree: ManifestTree, key: Int) {
      self.init(
        key: tree.text(key), location: tree.location(key),
        value: ManifestNode(tree, at: key + 1))
    }
  }

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

  /// What a node holds.
  package enum Content: Sendable {
    /// Keys and values in the order of the file.
    case mapping([Entry])
    /// Items in order.
    case sequence([ManifestNode])
    /// A text, number, boolean or null.
    case scalar(Scalar)
  }

  /// Where the node is kept: in the tree of a document, or by itself when it was made by hand.
  private enum Storage: Sendable {
    case record(ManifestTree, index: Int)
    case value(Value)
  }

  private final class Value: Sendable {
    let content: Content
    let location: SourceLocation

    init(_ content: Content, _ location: SourceLocation) {
      self.content = content
      self.location = location
    }
  }

  private var storage: Storage

  /// A node.
  package init(_ content: Content, location: SourceLocation) {
    storage = .value(Value(content, location))
  }

  /// The node of a tree at an index, or what an alias there stands for.
  init(_ tree: ManifestTree, at index: Int) {
    storage = .record(tree, index: tree.resolve(index))
  }

  /// Where it begins.
  package var location: SourceLocation {
    get {
      switch storage {
      case .record(let tree, let index): tree.location(index)
      case .value(let value): value.location
      }
    }
    set { self = ManifestNode(content, location: newValue) }
  }

  /// What the node holds. The entries or items are collected anew each time: to look at one, take
  /// the subscript; to ask for the kind, ``isMapping``, ``isSequence`` and ``scalar``.
  package var content: Content {
    get {
      switch storage {
      case .value(let value): return value.content
      case .record(let tree, let index):
        switch tree.records[index].kind {
        case .mapping: return .mapping(entries)
        case .sequence: return .sequence(items)
        case .scalar, .alias: return .scalar(tree.scalar(index))
        }
      }
    }
    set { self = ManifestNode(newValue, location: location) }
  }

  /// Whether it is a mapping.
  package var isMapping: Bool {
    switch storage {
    case .record(let tree, let index): return tree.records[index].kind == .mapping
    case .value(let value):
      if case .mapping = value.content { return true }
      return false
    }
  }

  /// Whether it is a sequence.
  package var isSequence: Bool {
    switch storage {
    case .record(let tree, let index): return tree.records[index].kind == .sequence
    case .value(let value):
      if case .sequence = value.content { return true }
      return false
    }
  }

  /// The text, number, boolean or null; `nil` for a collection.
  package var scalar: Scalar? {
    switch storage {
    case .record(let tree, let index):
      return tree.records[index].kind == .scalar ? tree.scalar(index) : nil
    case .value(let value):
      if case .scalar(let scalar) = value.content { return scalar }
      return nil
    }
  }

  /// The keys and values of a mapping in the order of the file; empty for another node.
  package var entries: [Entry] {
    switch storage {
    case .record(let tree, let index):
      guard tree.records[index].kind == .mapping else { return [] }
      return tree.keys(of: index).map { Entry(tree, key: $0) }
    case .value(let value):
      if case .mapping(let entries) = value.content { return entries }
      return []
    }
  }

  /// The items of a sequence in order; empty for another node.
  package var items: [ManifestNode] {
    switch storage {
    case .record(let tree, let index):
      guard tree.records[index].kind == .sequence else { return [] }
      return tree.items(of: index).map { ManifestNode(tree, at: Int($0)) }
    case .value(let value):
      if case .sequence(let items) = value.content { return items }
      return []
    }
  }

  /// The item of a sequence at an index; `nil` for another node and beyond the end.
  package func item(_ index: Int) -> ManifestNode? {
    switch storage {
    case .record(let tree, let sequence):
      guard tree.records[sequence].kind == .sequence else { return nil }
      let items = tree.items(of: sequence)
      guard index >= 0, index < items.count else { return nil }
      return ManifestNode(tree, at: Int(items[items.startIndex + index]))
    case .value:
      let items = items
      return items.indices.contains(index) ? items[index] : nil
    }
  }

  /// About the bytes of the node as JSON.
  var size: Int {
    guard case .record(let tree, let index) = storage else { return 0 }
    return tree.size(of: index)
  }

  /// The entry of a mapping with this key; `nil` when there is none.
  package func entry(_ key: String) -> Entry? {
    switch storage {
    case .record(let tree, let index):
      guard tree.records[index].kind == .mapping, let found = tree.key(key, of: index) else {
        return nil
      }
      return Entry(
        key: key, location: tree.location(found), value: ManifestNode(tree, at: found + 1))
    case .value: return entries.first { $0.key == key }
    }
  }

  /// The value of a key of a mapping; `nil` when there is none.
  package subscript(key: String) -> ManifestNode? { entry(key)?.value }

  /// Whether it is null: nothing, `~` or `null` (YAML 1.2 core schema).
  package var isNull: Bool {
    if case .record(let tree, let index) = storage {
      let record = tree.records[index]
      guard record.kind == .scalar, record.isPlain, record.count <= 4 else { return false }
    }
    guard let scalar, scalar.isPlain else { return false }
    switch scalar.text {
    case "", "~", "null", "Null", "NULL": return true
    default: return false
    }
  }

  /// What JSON would call it, for messages: `object`, `array`, `string`, `number`, `bool`, `null`.
  package var jsonKind: String {
    guard let scalar else { return isMapping ? "object" : "array" }
    if isNull { return "null" }
    guard scalar.isPlain else { return "string" }
    if scalar.boolean != nil { return "bool" }
    return scalar.isNumber ? "number" : "string"
  }
}

extension ManifestNode.Scalar {
  /// The boolean, as Kubernetes' YAML reads it (YAML 1.1: `yes`, `on` and `y` too); `nil` for another
  /// text or when it is in quotes.
  package var boolean: Bool? {
    guard isPlain else { return nil }
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return false
    default: return nil
    }
  }

  /// The integer, decimal or hexadecimal (`0x`), octal (`0o` or a leading `0`) or binary (`0b`);
  /// `nil` for another text, when it is in quotes, or out of range.
  package var integer: Int? {
    guard isPlain, let first = text.unicodeScalars.first, first != "_" else { return nil }
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
