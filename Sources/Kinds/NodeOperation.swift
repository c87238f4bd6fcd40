import Objects

/// Something that a node is asked to do once, and its answer. Who asks makes the object, waits for its
/// status and removes it; one that is forgotten goes after a minute.
package struct NodeOperation: OwnKind {
  package static let resource = GroupResource("operations", group: "pxelab.dev")
  package static let kindName = "Operation"

  package var metadata: ObjectMetadata
  /// What is asked for.
  package var spec: Spec
  /// The answer; `nil` until there is one.
  package var status: Status?

  /// What is asked for.
  package struct Spec: Codable, Sendable, Hashable {
    /// The node that is asked.
    package var node: String
    /// The machine that it is about, as the lab calls it; `nil` for the node itself.
    package var machine: String?
    /// What is done.
    package var action: String
    /// What it is done with, in a form of the action's own.
    package var arguments: ObjectNode.JSON?

    /// A request.
    package init(
      node: String, machine: String? = nil, action: String, arguments: ObjectNode.JSON? = nil
    ) {
      self.node = node
      self.machine = machine
      self.action = action
      self.arguments = arguments
    }
  }

  /// How it went.
  package enum Outcome: String, Codable, Sendable, Hashable {
    /// It is done.
    case done = "Done"
    /// It was not done, for a reason that a person can do something about.
    case refused = "Refused"
  }

  /// The answer.
  package struct Status: Codable, Sendable, Hashable {
    /// How it went.
    package var outcome: Outcome
    /// Why it was not done.
    package var message: String?
    /// When it was answered (RFC 3339).
    package var completionTime: String?
    /// What came of it, in a form of the action's own.
    package var result: ObjectNode.JSON?

    /// An answer.
    package init(outcome: Outcome, message: String? = nil, result: ObjectNode.JSON? = nil) {
      self.outcome = outcome
      self.message = message
      self.result = result
    }
  }

  /// A request; the store makes its name.
  package init(name: String, namespace: String = LabPart.namespace, spec: Spec) {
    metadata = ObjectMetadata(name: name, namespace: namespace)
    self.spec = spec
  }
}

extension ObjectNode {
  /// A tree inside a value that is encoded.
  package struct JSON: Codable, Sendable, Hashable {
    /// The tree.
    package let node: ObjectNode

    /// A tree.
    package init(_ node: ObjectNode) { self.node = node.canonical }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        node = .null
      } else if let value = try? container.decode(Bool.self) {
        node = .boolean(value)
      } else if let value = try? container.decode(Int.self) {
        node = .integer(value)
      } else if let value = try? container.decode(Double.self) {
        node = try ObjectNode(json: Array("\(value)".utf8))
      } else if let value = try? container.decode(String.self) {
        node = .text(value)
      } else if let value = try? container.decode([JSON].self) {
        node = .sequence(value.map(\.node))
      } else {
        let fields = try container.decode([String: JSON].self)
        node = ObjectNode(
          .mapping(
            fields.sorted { $0.key < $1.key }.map { Entry(key: $0.key, value: $0.value.node) }))
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if node.isMapping {
        try container.encode(
          Dictionary(node.entries.map { ($0.key, JSON($0.value)) }) { first, _ in first })
      } else if node.isSequence {
        try container.encode(node.items.map(JSON.init))
      } else if node.isNull {
        try container.encodeNil()
      } else if let scalar = node.scalar, !scalar.isPlain {
        try container.encode(scalar.text)
      } else if let value = node.integer {
        try container.encode(value)
      } else if let value = node.scalar?.boolean {
        try container.encode(value)
      } else if let text = node.scalar?.text, let value = Double(text) {
        try container.encode(value)
      } else {
        try container.encode(node.scalar?.text ?? "")
      }
    }

    package static func == (left: JSON, right: JSON) -> Bool {
      left.node.canonicalJSON == right.node.canonicalJSON
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(node.canonicalJSON) }
  }
}
