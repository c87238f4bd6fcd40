import KubeVirt

/// One of the terms that a node may meet (core/v1, NodeSelectorTerm).
struct NodeSelectorTerm: Hashable, Sendable {
  /// What a label must be like.
  struct Requirement: Hashable, Sendable {
    enum Relation: Hashable, Sendable {
      case isIn([String])
      case isNotIn([String])
      case exists
      case doesNotExist
      case greater(Int64)
      case less(Int64)
      /// One that cannot be compared, with what is wrong, after its place in the term.
      case broken(String)
    }

    var key: String
    var relation: Relation

    func matches(_ value: String?) -> Bool {
      switch relation {
      case .isIn(let values): value.map(values.contains) ?? false
      case .isNotIn(let values): !(value.map(values.contains) ?? false)
      case .exists: value != nil
      case .doesNotExist: value == nil
      case .greater(let bound): value.flatMap(Int64.init).map { $0 > bound } ?? false
      case .less(let bound): value.flatMap(Int64.init).map { $0 < bound } ?? false
      case .broken: false
      }
    }
  }

  private(set) var expressions: [Requirement]
  private(set) var fields: [Requirement]

  init(_ value: APIValue) {
    expressions = value["matchExpressions"].items.enumerated().map { index, item in
      Requirement(
        key: item["key"].string, relation: Self.relation(item, "matchExpressions[\(index)]"))
    }
    fields = value["matchFields"].items.enumerated().map { index, item in
      Requirement(key: item["key"].string, relation: Self.relation(item, "matchFields[\(index)]"))
    }
  }

  /// A term without anything in it matches nothing.
  var isEmpty: Bool { expressions.isEmpty && fields.isEmpty }

  func matches(_ node: Node) -> Bool {
    !isEmpty && expressions.allSatisfy { $0.matches(node.labels[$0.key]) }
      && fields.allSatisfy { $0.matches($0.key == "metadata.name" ? node.name : nil) }
  }

  /// What cannot be compared in it, each after its place.
  var errors: [String] {
    (expressions + fields).compactMap {
      if case .broken(let message) = $0.relation { message } else { nil }
    }
  }

  /// The nodes that the term names; `nil` when it names none and any may do.
  var nodeNames: Set<String>? {
    fields.reduce(nil) { names, field in
      guard field.key == "metadata.name", case .isIn(let values) = field.relation else {
        return names
      }
      return names?.intersection(values) ?? Set(values)
    }
  }

  private static func relation(_ item: APIValue, _ place: String) -> Requirement.Relation {
    let values = item["values"].strings
    func broken(_ index: Int, _ place: String, _ message: String) -> Requirement.Relation {
      .broken("\(place): Invalid value: \(goQuoted(values[index])): \(message)")
    }
    let name = item["operator"].string
    for (index, value) in values.enumerated() where place.hasPrefix("matchExpressions") {
      if name == "Gt" || name == "Lt", Int64(value) == nil {
        return broken(
          index, "\(place).values[\(index)]",
          "for 'Gt', 'Lt' operators, the value must be an integer")
      }
      let objections = LabelValue.objections(value)
      if !objections.isEmpty {
        return broken(
          index, "\(place).values[\(index)][\(item["key"].string)]",
          objections.joined(separator: "; "))
      }
    }
    switch name {
    case "In": return .isIn(values)
    case "NotIn": return .isNotIn(values)
    case "Exists": return .exists
    case "DoesNotExist": return .doesNotExist
    case "Gt": return values.first.flatMap(Int64.init).map { .greater($0) } ?? .isIn([])
    case "Lt": return values.first.flatMap(Int64.init).map { .less($0) } ?? .isIn([])
    default: return .isIn([])
    }
  }
}

/// What a pod requires of its node: its selector, and one of its terms.
struct RequiredNodeAffinity: Hashable, Sendable {
  struct Pair: Hashable, Sendable {
    var key: String
    var value: String
  }

  let selector: [Pair]
  /// `nil` when it has none.
  let terms: [NodeSelectorTerm]?

  var isEmpty: Bool { selector.isEmpty && terms == nil }

  func matches(_ node: Node) -> Bool {
    for pair in selector {
      guard let value = node.labels[pair.key], value == pair.value else { return false }
    }
    return terms?.contains { $0.matches(node) } ?? true
  }
}

/// A term with what a node that meets it counts in scores.
struct WeightedNodeTerm: Hashable, Sendable {
  var weight: Int
  var term: NodeSelectorTerm
}
