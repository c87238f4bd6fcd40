extension ObjectNode {
  /// Null.
  package static let null = ObjectNode(.literal("null"))

  /// Whether it has no places and reasons and is spelled as JSON spells it: what comes out of JSON.
  var isCanonical: Bool {
    switch storage {
    case .record, .value: false
    case .text, .literal, .items, .fields: true
    }
  }

  /// The same value as it is read out of its JSON: without places and reasons, keys sorted by their
  /// bytes, of equal keys the first, numbers and booleans as JSON spells them.
  package var canonical: ObjectNode {
    guard !isCanonical else { return self }
    if let scalar { return ObjectNode(scalar.canonical) }
    if isSequence { return ObjectNode(.items(items.map(\.canonical))) }
    let fields = entries.reversed().map {
      SortedFields.Field(name: $0.key, value: $0.value.canonical)
    }
    return ObjectNode(.fields(SortedFields(fields)))
  }

  /// The same value, with the parts that are equal in `other` taken from there, so that a new
  /// version of an object shares memory with the one before. Both are canonical.
  package func sharing(with other: ObjectNode) -> ObjectNode {
    switch (storage, other.storage) {
    case (.fields(let fields), .fields(let others)):
      let shared = fields.sorted.map { field in
        SortedFields.Field(
          name: field.name,
          value: others[field.name].map(field.value.sharing) ?? field.value)
      }
      let all = SortedFields(shared)
      return all == others ? other : ObjectNode(.fields(all))
    case (.items(let items), .items(let others)):
      let shared = items.enumerated().map { index, item in
        index < others.count ? item.sharing(with: others[index]) : item
      }
      return shared == others ? other : ObjectNode(.items(shared))
    default:
      return self == other ? other : self
    }
  }

  /// Levels of sequences and mappings: 0 for a scalar, 1 for a list of scalars. Of a tree with more
  /// levels than JSON may have, some number above that.
  package var depth: Int {
    // Not deeper than asked for: a tree is measured before it is trusted.
    depth(within: JSONParser.depthLimit)
  }

  private func depth(within limit: Int) -> Int {
    guard limit > 0 else { return 1 }
    func deepest(_ nodes: some Sequence<ObjectNode>) -> Int {
      1 + (nodes.lazy.map { $0.depth(within: limit - 1) }.max() ?? 0)
    }
    return switch storage {
    case .text, .literal: 0
    case .items(let items): deepest(items)
    case .fields(let fields): deepest(fields.sorted.lazy.map(\.value))
    case .record, .value:
      if isMapping {
        deepest(entries.lazy.map(\.value))
      } else if isSequence {
        deepest(items)
      } else {
        0
      }
    }
  }
}

extension ObjectNode: Equatable {
  /// Whether two nodes say the same, wherever they are: numbers are compared as they are spelled,
  /// so that 4 is not 4.0, and texts byte by byte.
  package static func == (left: ObjectNode, right: ObjectNode) -> Bool {
    switch (left.storage, right.storage) {
    case (.text(let left), .text(let right)): left.byteOrder(right) == 0
    case (.literal(let left), .literal(let right)): left == right
    case (.items(let left), .items(let right)): left == right
    case (.fields(let left), .fields(let right)): left == right
    default:
      left.isCanonical && right.isCanonical ? false : left.canonical == right.canonical
    }
  }
}

extension ObjectNode.Storage {
  /// How a node without place and reason is kept if it is canonical; `nil` for another. A mapping
  /// that was made keeps the order of its keys, and so is none.
  init?(canonical content: ObjectNode.Content) {
    switch content {
    case .scalar(let scalar) where !scalar.isPlain && scalar.origin == nil && scalar.places.isEmpty:
      self = .text(scalar.text)
    case .sequence(let items) where items.allSatisfy(\.isCanonical): self = .items(items)
    case .mapping, .sequence, .scalar: return nil
    }
  }
}

extension ObjectNode.Scalar {
  /// The scalar as JSON spells it: a number keeps its text where JSON has it so.
  var canonical: ObjectNode.Storage {
    guard isPlain else { return .text(text) }
    if isNull { return .literal("null") }
    if let boolean { return .literal(boolean ? "true" : "false") }
    guard isNumber else { return .text(text) }
    if JSONParser.isNumber(text) { return .literal(text) }
    if let integer { return .literal(String(integer)) }
    return Double(text.filter { $0 != "_" }).map { .literal("\($0)") } ?? .text(text)
  }
}

extension ObjectNode {
  /// The text of a text; `nil` for everything else, numbers and booleans too.
  package var string: String? {
    switch storage {
    case .text(let text): return text
    case .literal, .items, .fields: return nil
    case .record, .value:
      guard case .text(let text)? = scalar?.canonical else { return nil }
      return text
    }
  }

  /// The whole number, as ``Scalar/integer`` has it; `nil` for everything else.
  package var integer: Int? { scalar?.integer }

  /// The truth value, as ``Scalar/boolean`` has it; `nil` for everything else.
  package var boolean: Bool? { scalar?.boolean }
}
