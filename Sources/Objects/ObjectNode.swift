/// A value of an object's tree: what YAML and JSON can say.
///
/// One that comes out of a file knows its place, which counts from the start of the file, not of the
/// document; aliases are resolved. One that was filled in says why it is there instead. One that was
/// read out of JSON, as all of a store are, has neither and takes three words besides its texts. A
/// changed tree shares what did not change with the one before it.
package struct ObjectNode: Sendable {
  /// A key of a mapping and its value.
  package struct Entry: Sendable {
    /// The key's text.
    package var key: String
    /// Where the key is; `nil` when no file has it.
    package var location: SourceLocation?
    /// The value.
    package var value: ObjectNode

    /// A key and its value.
    package init(key: String, location: SourceLocation? = nil, value: ObjectNode) {
      self.key = key
      self.location = location
      self.value = value
    }

    /// The entry of a tree whose key is at an index, its value being the next node.
    fileprivate init(_ tree: DocumentTree, key: Int) {
      self.init(
        key: tree.text(key), location: tree.location(key),
        value: ObjectNode(tree, at: key + 1))
    }
  }

  /// What a node holds.
  package enum Content: Sendable {
    /// Keys and values in the order of the file.
    case mapping([Entry])
    /// Items in order.
    case sequence([ObjectNode])
    /// A text, number, boolean or null.
    case scalar(Scalar)
  }

  /// How the node is kept.
  enum Storage: Sendable {
    /// In the tree of a document.
    case record(index: Int, DocumentTree)
    /// By itself when it was made or changed, with its place or its reason.
    case value(Detached)
    // The others are canonical: without places and reasons, spelled as JSON spells it.
    /// A text.
    case text(String)
    /// A number, `true`, `false` or `null`.
    case literal(String)
    /// A sequence of canonical items.
    case items([ObjectNode])
    /// A mapping with canonical values.
    case fields(SortedFields)
  }

  final class Detached: Sendable {
    let content: Content
    let location: SourceLocation?
    let reason: String?

    init(_ content: Content, _ location: SourceLocation?, _ reason: String?) {
      self.content = content
      self.location = location
      self.reason = reason
    }
  }

  var storage: Storage

  /// A node of a file, or one that no file has.
  ///
  /// - Parameter reason: why it is there when no file has it.
  package init(_ content: Content, location: SourceLocation? = nil, because reason: String? = nil) {
    if location == nil, reason == nil, let canonical = Storage(canonical: content) {
      storage = canonical
    } else {
      storage = .value(Detached(content, location, reason))
    }
  }

  /// A node that is kept so.
  init(_ storage: Storage) {
    self.storage = storage
  }

  /// The node of a tree at an index, or what an alias there stands for.
  init(_ tree: DocumentTree, at index: Int) {
    storage = .record(index: tree.resolve(index), tree)
  }

  /// Where it begins; `nil` when no file has it.
  package var location: SourceLocation? {
    switch storage {
    case .record(let index, let tree): tree.location(index)
    case .value(let value): value.location
    default: nil
    }
  }

  /// Why it is there when no file has it: the default that it is.
  package var reason: String? {
    guard case .value(let value) = storage else { return nil }
    return value.reason
  }

  /// What the node holds. The entries or items are collected anew each time: to look at one, take
  /// the subscript; to ask for the kind, ``isMapping``, ``isSequence`` and ``scalar``.
  package var content: Content {
    get {
      switch storage {
      case .value(let value): return value.content
      case .fields: return .mapping(entries)
      case .items(let items): return .sequence(items)
      case .text(let text): return .scalar(Scalar(text: text, isPlain: false))
      case .literal(let text): return .scalar(Scalar(text: text, isPlain: true))
      case .record(let index, let tree):
        switch tree.records[index].kind {
        case .mapping: return .mapping(entries)
        case .sequence: return .sequence(items)
        case .scalar, .alias: return .scalar(tree.scalar(index))
        }
      }
    }
    set { self = ObjectNode(newValue, location: location, because: reason) }
  }

  /// Whether it is a mapping.
  package var isMapping: Bool {
    switch storage {
    case .record(let index, let tree): return tree.records[index].kind == .mapping
    case .value(let value):
      if case .mapping = value.content { return true }
      return false
    case .fields: return true
    default: return false
    }
  }

  /// Whether it is a sequence.
  package var isSequence: Bool {
    switch storage {
    case .record(let index, let tree): return tree.records[index].kind == .sequence
    case .value(let value):
      if case .sequence = value.content { return true }
      return false
    case .items: return true
    default: return false
    }
  }

  /// The text, number, boolean or null; `nil` for a collection.
  package var scalar: Scalar? {
    switch storage {
    case .record(let index, let tree):
      return tree.records[index].kind == .scalar ? tree.scalar(index) : nil
    case .value(let value):
      if case .scalar(let scalar) = value.content { return scalar }
      return nil
    case .text(let text): return Scalar(text: text, isPlain: false)
    case .literal(let text): return Scalar(text: text, isPlain: true)
    case .items, .fields: return nil
    }
  }

  /// The keys and values of a mapping in the order of the file; empty for another node.
  package var entries: [Entry] {
    switch storage {
    case .record(let index, let tree):
      guard tree.records[index].kind == .mapping else { return [] }
      return tree.keys(of: index).map { Entry(tree, key: $0) }
    case .value(let value):
      if case .mapping(let entries) = value.content { return entries }
      return []
    case .fields(let fields): return fields.sorted.map { Entry(key: $0.name, value: $0.value) }
    default: return []
    }
  }

  /// The items of a sequence in order; empty for another node.
  package var items: [ObjectNode] {
    switch storage {
    case .record(let index, let tree):
      guard tree.records[index].kind == .sequence else { return [] }
      return tree.items(of: index).map { ObjectNode(tree, at: Int($0)) }
    case .value(let value):
      if case .sequence(let items) = value.content { return items }
      return []
    case .items(let items): return items
    default: return []
    }
  }

  /// The item of a sequence at an index; `nil` for another node and beyond the end.
  package func item(_ index: Int) -> ObjectNode? {
    switch storage {
    case .record(let sequence, let tree):
      guard tree.records[sequence].kind == .sequence else { return nil }
      let items = tree.items(of: sequence)
      guard index >= 0, index < items.count else { return nil }
      return ObjectNode(tree, at: Int(items[items.startIndex + index]))
    default:
      let items = items
      return items.indices.contains(index) ? items[index] : nil
    }
  }

  /// About the bytes of the node as JSON.
  var size: Int {
    guard case .record(let index, let tree) = storage else { return 0 }
    return tree.size(of: index)
  }

  /// The entry of a mapping with this key; `nil` when there is none.
  package func entry(_ key: String) -> Entry? {
    switch storage {
    case .record(let index, let tree):
      guard tree.records[index].kind == .mapping, let found = tree.key(key, of: index) else {
        return nil
      }
      return Entry(
        key: key, location: tree.location(found), value: ObjectNode(tree, at: found + 1))
    case .value(let value):
      guard case .mapping(let entries) = value.content else { return nil }
      return entries.firstIndex { $0.key == key }.map { entries[$0] }
    case .fields(let fields): return fields[key].map { Entry(key: key, value: $0) }
    default: return nil
    }
  }

  /// The value of a key of a mapping, `nil` when there is none, without its place: what a loop over
  /// many fields asks for.
  func value(of key: String) -> ObjectNode? {
    switch storage {
    case .record(let index, let tree):
      guard tree.records[index].kind == .mapping, let found = tree.key(key, of: index) else {
        return nil
      }
      return ObjectNode(tree, at: found + 1)
    case .value(let value):
      guard case .mapping(let entries) = value.content else { return nil }
      return entries.firstIndex { $0.key == key }.map { entries[$0].value }
    case .fields(let fields): return fields[key]
    default: return nil
    }
  }

  /// Whether it is null: nothing, `~` or `null` (YAML 1.2 core schema).
  package var isNull: Bool {
    if case .record(let index, let tree) = storage {
      let record = tree.records[index]
      guard record.kind == .scalar, record.isPlain, record.count <= 4 else { return false }
    }
    return scalar?.isNull ?? false
  }

  /// What JSON would call it, for messages: `object`, `array`, `string`, `number`, `bool`, `null`.
  package var jsonKind: String {
    guard let scalar else { return isMapping ? "object" : "array" }
    guard scalar.isPlain else { return "string" }
    if scalar.isNull { return "null" }
    if scalar.boolean != nil { return "bool" }
    return scalar.isNumber ? "number" : "string"
  }
}
