import Objects

/// What a machine is waited for to be.
package enum WaitedState: Sendable, Hashable {
  /// Judged.
  case verdict
  /// In a phase of its instance: `Running`, `Succeeded`.
  case phase(String)
  /// With a condition of its instance of this status.
  case condition(String, status: String)

  /// Paused by a person.
  static let paused = WaitedState.condition("Paused", status: "True")

  /// As it is written: `verdict`, `phase=Running`, `condition=Paused`, `condition=Ready=False`; `nil` for
  /// anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("verdict", 1): self = .verdict
    case ("phase", 2) where !parts[1].isEmpty: self = .phase(parts[1])
    case ("condition", 2...3) where !parts[1].isEmpty:
      self = .condition(parts[1], status: parts.count == 3 ? parts[2] : "True")
    default: return nil
    }
  }

  /// Whether an instance is so; `false` of none.
  func holds(of instance: ObjectNode?) -> Bool {
    switch self {
    case .verdict: false
    case .phase(let phase): instance?["status", "phase"]?.string == phase
    case .condition(let type, let status):
      instance?["status", "conditions"]?.items.contains {
        $0["type"]?.string == type && $0["status"]?.string == status
      } ?? false
    }
  }
}
