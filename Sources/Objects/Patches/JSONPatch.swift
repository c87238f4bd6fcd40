/// Changes of a value, one after another (RFC 6902), as an API server makes them: `replace` of a
/// last key that is missing adds it (evanphx/json-patch, which apiserver uses).
package struct JSONPatch: Sendable {
  /// A patch that cannot be read or applied.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// The text is no patch.
    case malformed(String)
    /// There are more operations than are taken.
    case tooLong(Int)
    /// An operation, by its number from 0, does not fit the value.
    case inapplicable(Int, String)

    /// What is wrong.
    package var description: String {
      switch self {
      case .malformed(let reason): reason
      case .tooLong(let limit): "a JSON patch may have \(limit) operations"
      case .inapplicable(let index, let reason): "operation \(index): \(reason)"
      }
    }
  }

  enum Operation: Sendable {
    case add(JSONPointer, ObjectNode)
    case remove(JSONPointer)
    case replace(JSONPointer, ObjectNode)
    case move(from: JSONPointer, JSONPointer)
    case copy(from: JSONPointer, JSONPointer)
    case test(JSONPointer, ObjectNode)
  }

  /// Operations in a patch at most (apiserver, maxJSONPatchOperations).
  static let limit = 10_000

  private let operations: [Operation]

  /// Reads a patch.
  ///
  /// - Throws: ``Failure/malformed(_:)``, ``Failure/tooLong(_:)``.
  package init(_ tree: ObjectNode) throws(Failure) {
    guard tree.isSequence else { throw .malformed("a JSON patch is a list of operations") }
    let items = tree.items
    guard items.count <= Self.limit else { throw .tooLong(Self.limit) }
    var operations: [Operation] = []
    for (index, item) in items.enumerated() {
      operations.append(try Self.operation(item, index))
    }
    self.operations = operations
  }

  private static func operation(_ item: ObjectNode, _ index: Int) throws(Failure) -> Operation {
    func pointer(_ field: String) throws(Failure) -> JSONPointer {
      guard let text = item[field]?.string, let pointer = JSONPointer(text) else {
        throw .malformed("operation \(index) has no JSON pointer in \"\(field)\"")
      }
      return pointer
    }
    func value() throws(Failure) -> ObjectNode {
      guard let value = item["value"] else {
        throw .malformed("operation \(index) has no \"value\"")
      }
      return value
    }
    switch item["op"]?.string {
    case "add": return .add(try pointer("path"), try value())
    case "remove": return .remove(try pointer("path"))
    case "replace": return .replace(try pointer("path"), try value())
    case "move": return .move(from: try pointer("from"), try pointer("path"))
    case "copy": return .copy(from: try pointer("from"), try pointer("path"))
    case "test": return .test(try pointer("path"), item["value"] ?? .null)
    case let other:
      throw .malformed(
        "operation \(index) has the unknown \"op\" \((other ?? "").debugDescription)")
    }
  }

  /// The value after all operations.
  ///
  /// - Parameter depth: levels that the value may have: `copy` could double them each time.
  /// - Parameter bytes: bytes that the value may have as JSON, for the same reason.
  /// - Throws: ``Failure/inapplicable(_:_:)``.
  package func apply(
    to tree: ObjectNode, depth: Int = 100, bytes: Int = 3 << 19
  ) throws(Failure) -> ObjectNode {
    var tree = tree
    // What copies add, counted by their sizes; the value itself is judged when it is stored.
    var added = 0
    for (index, operation) in operations.enumerated() {
      do throws(Refusal) {
        if case .copy(let source, _) = operation {
          let value = try tree.value(at: source)
          added += value.canonicalJSON.count
          guard added <= bytes, value.depth <= depth else {
            throw Refusal("the value becomes too large")
          }
        }
        try tree.apply(operation)
      } catch {
        throw .inapplicable(index, error.reason)
      }
    }
    return tree
  }

  /// Why an operation does not fit.
  struct Refusal: Error {
    let reason: String

    init(_ reason: String) {
      self.reason = reason
    }
  }
}

extension ObjectNode {
  fileprivate mutating func apply(_ operation: JSONPatch.Operation) throws(JSONPatch.Refusal) {
    switch operation {
    case .add(let pointer, let value): try put(value, at: pointer.tokens[...], replacing: false)
    case .remove(let pointer): _ = try take(at: pointer.tokens[...])
    case .replace(let pointer, let value): try put(value, at: pointer.tokens[...], replacing: true)
    case .move(let source, let pointer):
      guard source == pointer || !source.contains(pointer) else {
        throw JSONPatch.Refusal("a value cannot be moved into itself")
      }
      try put(try take(at: source.tokens[...]), at: pointer.tokens[...], replacing: false)
    case .copy(let source, let pointer):
      try put(try value(at: source), at: pointer.tokens[...], replacing: false)
    case .test(let pointer, let value):
      guard ((try? self.value(at: pointer)) ?? .null) == value else {
        throw JSONPatch.Refusal("the value at /\(pointer.tokens.joined(separator: "/")) is another")
      }
    }
  }

  fileprivate func value(at pointer: JSONPointer) throws(JSONPatch.Refusal) -> ObjectNode {
    var node = self
    for token in pointer.tokens {
      let next = node.isSequence ? JSONPatch.index(token).flatMap(node.item) : node[token]
      guard let next else { throw .missing(token) }
      node = next
    }
    return node
  }

  private mutating func put(
    _ value: ObjectNode, at path: ArraySlice<String>, replacing: Bool
  ) throws(JSONPatch.Refusal) {
    guard let token = path.first else {
      self = value
      return
    }
    let rest = path.dropFirst()
    if isSequence {
      var items = items
      let index = token == "-" && !replacing && rest.isEmpty ? items.count : JSONPatch.index(token)
      guard let index, index < items.count || (index == items.count && !replacing && rest.isEmpty)
      else { throw .missing(token) }
      if rest.isEmpty, !replacing {
        items.insert(value, at: index)
      } else {
        try items[index].put(value, at: rest, replacing: replacing)
      }
      self = .sequence(items)
    } else if isMapping {
      if rest.isEmpty {
        self[token] = value
        return
      }
      guard var child = self[token] else { throw .missing(token) }
      try child.put(value, at: rest, replacing: replacing)
      self[token] = child
    } else {
      throw .missing(token)
    }
  }

  private mutating func take(
    at path: ArraySlice<String>
  ) throws(JSONPatch.Refusal) -> ObjectNode {
    guard let token = path.first else { throw JSONPatch.Refusal("the whole value cannot go") }
    let rest = path.dropFirst()
    if isSequence {
      var items = items
      guard let index = JSONPatch.index(token), index < items.count else { throw .missing(token) }
      let taken = rest.isEmpty ? items.remove(at: index) : try items[index].take(at: rest)
      self = .sequence(items)
      return taken
    }
    guard var child = self[token] else { throw .missing(token) }
    guard !rest.isEmpty else {
      self[token] = nil
      return child
    }
    let taken = try child.take(at: rest)
    self[token] = child
    return taken
  }
}

extension JSONPatch {
  /// The index that a token is: digits without leading zeros (RFC 6901 section 4).
  fileprivate static func index(_ token: String) -> Int? {
    guard token == "0" || !token.hasPrefix("0"), token.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
    else { return nil }
    return Int(token)
  }
}

extension JSONPatch.Refusal {
  fileprivate static func missing(_ token: String) -> JSONPatch.Refusal {
    JSONPatch.Refusal("there is no \(token.debugDescription)")
  }
}
