import KubeVirt

/// What labels must be like (apimachinery, meta/v1, LabelSelector).
package struct LabelSelector: Hashable, Sendable {
  enum Operator: String, Hashable {
    case isIn = "In"
    case isNotIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
  }

  struct Requirement: Hashable {
    var key: String
    var relation: Operator
    var values: [String]

    func matches(_ labels: [String: String]) -> Bool {
      let value = labels[key]
      switch relation {
      case .isIn: return value.map(values.contains) ?? false
      case .isNotIn: return !(value.map(values.contains) ?? false)
      case .exists: return value != nil
      case .doesNotExist: return value == nil
      }
    }
  }

  /// All of these must hold; `nil` matches nothing.
  private(set) var requirements: [Requirement]?

  /// A selector that matches nothing.
  static let nothing = LabelSelector(requirements: nil)

  init(requirements: [Requirement]?) { self.requirements = requirements }

  /// A selector as it is written; one that is absent matches nothing, an empty one everything.
  init(_ value: APIValue) {
    guard value.exists else {
      self = .nothing
      return
    }
    let labels = (value["matchLabels"].node?.entries ?? []).map {
      Requirement(key: $0.key, relation: .isIn, values: [$0.value.scalar?.text ?? ""])
    }
    let expressions = value["matchExpressions"].items.compactMap { item -> Requirement? in
      guard let relation = Operator(rawValue: item["operator"].string) else { return nil }
      return Requirement(
        key: item["key"].string, relation: relation, values: item["values"].strings)
    }
    requirements = labels + expressions
  }

  var isNothing: Bool { requirements == nil }
  /// Whether it matches everything.
  var isEverything: Bool { requirements?.isEmpty == true }

  func matches(_ labels: [String: String]) -> Bool {
    guard let requirements else { return false }
    return requirements.allSatisfy { $0.matches(labels) }
  }
}
