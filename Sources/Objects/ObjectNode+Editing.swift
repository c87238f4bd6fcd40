extension ObjectNode {
  /// The value of a key of a mapping. Setting it adds the key at the end if it is new, and `nil`
  /// removes it; what is no mapping stays as it is.
  package subscript(key: String) -> ObjectNode? {
    get { value(of: key) }
    set {
      guard isMapping, !setField(key, newValue) else { return }
      var entries = entries
      entries.set(key, newValue)
      content = .mapping(entries)
    }
  }

  /// Sets a field of a canonical mapping, which stays one; `false` where mapping or value is not
  /// canonical.
  private mutating func setField(_ name: String, _ value: ObjectNode?) -> Bool {
    guard value?.isCanonical ?? true, case .fields(var fields) = storage else { return false }
    // Let go of the fields while they change, so that they are not copied.
    storage = .items([])
    fields[name] = value
    storage = .fields(fields)
    return true
  }

  /// Sets the values of several keys as the subscript does.
  package mutating func set(_ fields: [(key: String, value: ObjectNode)]) {
    guard isMapping, !fields.isEmpty else { return }
    var entries = entries
    for field in fields { entries.set(field.key, field.value) }
    content = .mapping(entries)
  }

  /// The value of a key of a mapping, or another where the key is missing or null.
  package subscript(key: String, default fallback: @autoclosure () -> ObjectNode) -> ObjectNode {
    get {
      guard let value = self[key], !value.isNull else { return fallback() }
      return value
    }
    set { self[key] = newValue }
  }

  /// Changes each item of a sequence; one in which nothing changes is left as it is.
  ///
  /// - Parameter change: changes an item and returns whether it did.
  package mutating func editItems(_ change: (_ index: Int, inout ObjectNode) -> Bool) {
    guard isSequence else { return }
    var items = items
    var isChanged = false
    for index in items.indices where change(index, &items[index]) { isChanged = true }
    if isChanged { content = .sequence(items) }
  }

  /// Adds items at the end of a sequence; what is no sequence, or null, becomes one.
  package mutating func append(contentsOf added: [ObjectNode]) {
    guard !added.isEmpty else { return }
    content = .sequence(items + added)
  }

  /// The same value as one that no file has.
  ///
  /// - Parameter reason: why it is there.
  package func filled(because reason: String) -> ObjectNode {
    ObjectNode(content, because: reason)
  }
}

extension ObjectNode {
  /// A text.
  package static func text(_ text: String, because reason: String? = nil) -> ObjectNode {
    ObjectNode(.scalar(Scalar(text: text, isPlain: false)), because: reason)
  }

  /// A whole number.
  package static func integer(_ value: Int, because reason: String? = nil) -> ObjectNode {
    literal(String(value), because: reason)
  }

  /// True or false.
  package static func boolean(_ value: Bool, because reason: String? = nil) -> ObjectNode {
    literal(value ? "true" : "false", because: reason)
  }

  private static func literal(_ text: String, because reason: String?) -> ObjectNode {
    guard reason != nil else { return ObjectNode(.literal(text)) }
    return ObjectNode(.scalar(Scalar(text: text, isPlain: true)), because: reason)
  }

  /// A mapping; of equal keys the first counts.
  package static func mapping(
    _ fields: KeyValuePairs<String, ObjectNode> = [:], because reason: String? = nil
  ) -> ObjectNode {
    ObjectNode(.mapping(fields.map { Entry(key: $0, value: $1) }), because: reason)
  }

  /// A sequence.
  package static func sequence(_ items: [ObjectNode], because reason: String? = nil) -> ObjectNode {
    ObjectNode(.sequence(items), because: reason)
  }
}

extension [ObjectNode.Entry] {
  fileprivate mutating func set(_ key: String, _ value: ObjectNode?) {
    let index = firstIndex { $0.key == key }
    switch (index, value) {
    case (let index?, let value?):
      // A key keeps its place as long as its value has one.
      if value.location == nil, value.reason != nil { self[index].location = nil }
      self[index].value = value
    case (let index?, nil): remove(at: index)
    case (nil, let value?): append(ObjectNode.Entry(key: key, value: value))
    case (nil, nil): return
    }
  }
}
