extension ObjectNode {
  /// The value of a key of a mapping. Setting it adds the key at the end if it is new, and `nil`
  /// removes it; what is no mapping stays as it is.
  package subscript(key: String) -> ObjectNode? {
    get { value(of: key) }
    set {
      guard isMapping else { return }
      var entries = entries
      let index = entries.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?):
        // A key keeps its place as long as its value has one.
        if value.location == nil, value.reason != nil { entries[index].location = nil }
        entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(key: key, value: value))
      case (nil, nil): return
      }
      content = .mapping(entries)
    }
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

  /// The node at a path such as `spec.domain.devices.interfaces[1].bootOrder`; `nil` when there is
  /// none. A key with a dot in it has no path.
  package subscript(path steps: PathSteps) -> ObjectNode? {
    var node = self
    for step in steps.steps {
      guard let next = node.value(of: step) ?? Int(step).flatMap(node.item) else { return nil }
      node = next
    }
    return node
  }
}

/// The keys and indices of a path such as `spec.domain.devices.interfaces[1].bootOrder`.
package struct PathSteps: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  let steps: [String]

  /// The steps of a path.
  package init(_ path: String) {
    steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
  }

  /// The steps of a path.
  package init(stringLiteral path: String) { self.init(path) }
}

extension ObjectNode {
  /// A text.
  package static func text(_ text: String, because reason: String? = nil) -> ObjectNode {
    ObjectNode(.scalar(Scalar(text: text, isPlain: false)), because: reason)
  }

  /// A whole number.
  package static func integer(_ value: Int, because reason: String? = nil) -> ObjectNode {
    ObjectNode(.scalar(Scalar(text: String(value), isPlain: true)), because: reason)
  }

  /// True or false.
  package static func boolean(_ value: Bool, because reason: String? = nil) -> ObjectNode {
    ObjectNode(.scalar(Scalar(text: value ? "true" : "false", isPlain: true)), because: reason)
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
