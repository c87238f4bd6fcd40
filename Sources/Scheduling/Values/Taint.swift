import KubeVirt

/// A mark of a node that keeps pods away (core/v1, Taint).
package struct Taint: Hashable, Sendable {
  /// What the taint does to a pod that does not tolerate it.
  package enum Effect: String, Hashable, Sendable, CaseIterable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
  }

  /// The key, value and effect.
  package var key: String
  package var value: String
  package var effect: Effect?

  /// A taint.
  package init(key: String, value: String = "", effect: Effect?) {
    self.key = key
    self.value = value
    self.effect = effect
  }

  init(_ value: APIValue) {
    self.init(
      key: value["key"].string, value: value["value"].string,
      effect: Effect(rawValue: value["effect"].string))
  }

  /// Whether it keeps pods from being placed.
  var keepsAway: Bool { effect == .noSchedule || effect == .noExecute }
}

/// A pod's leave to be on a node in spite of a taint (core/v1, Toleration).
package struct Toleration: Hashable, Sendable {
  let key: String
  let value: String
  /// Whether any value will do.
  let exists: Bool
  /// Whether the operator is one that is compared: `Exists`, `Equal` or none.
  let isComparable: Bool
  /// The text of the effect; empty for all effects.
  let effect: String
  /// For how many seconds a pod may stay in spite of a NoExecute taint; `nil` for ever.
  let seconds: Int?

  init(_ value: APIValue) {
    key = value["key"].string
    self.value = value["value"].string
    let name = value["operator"].string
    exists = name == "Exists"
    isComparable = ["", "Equal", "Exists"].contains(name)
    effect = value["effect"].string
    seconds =
      value["tolerationSeconds"].exists ? Int(clamping: value["tolerationSeconds"].integer) : nil
  }

  func tolerates(_ taint: Taint) -> Bool {
    guard effect.isEmpty || effect == taint.effect?.rawValue, key.isEmpty || key == taint.key,
      isComparable
    else { return false }
    return exists || value == taint.value
  }
}

extension [Toleration] {
  func tolerate(_ taint: Taint) -> Bool { contains { $0.tolerates(taint) } }
}
