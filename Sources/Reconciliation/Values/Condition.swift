import Objects

/// An entry of `status.conditions`.
struct Condition: Equatable {
  /// What is said: `Ready`.
  var type: String
  /// `True`, `False` or `Unknown`.
  var status: String
  /// The reason in one word; empty for none.
  var reason = ""
  /// The reason for people; empty for none.
  var message = ""
  /// Since when.
  var since: Timestamp
  /// Whether `lastProbeTime` is written beside `lastTransitionTime`.
  var hasProbeTime = false

  var tree: ObjectNode {
    var tree: ObjectNode = [
      "type": .text(type), "status": .text(status), "lastTransitionTime": .text("\(since)"),
    ]
    if hasProbeTime { tree["lastProbeTime"] = .text("\(since)") }
    if !reason.isEmpty { tree["reason"] = .text(reason) }
    if !message.isEmpty { tree["message"] = .text(message) }
    return tree
  }
}

extension ObjectNode {
  /// The condition of a type; `nil` when there is none.
  func condition(_ type: String) -> ObjectNode? {
    self["status", "conditions"]?.items.first { $0["type"]?.string == type }
  }

  /// Whether there is a condition of this type with this status, and this reason if one is given.
  func hasCondition(_ type: String, _ status: String, reason: String? = nil) -> Bool {
    guard let condition = condition(type), condition["status"]?.string == status else {
      return false
    }
    return reason == nil || condition["reason"]?.string == reason
  }

  /// Whether it is a Node that was not started and will not be, as the lab's supervisor writes.
  var isRefusedNode: Bool { hasCondition("Ready", "False", reason: "NodeNotStarted") }

  mutating func setCondition(_ condition: Condition) { setCondition(condition.tree) }

  /// Sets a condition. One that says the same keeps its times; another message alone changes the
  /// message (KubeVirt, pkg/controller/conditions.go, UpdateCondition, which leaves the old one).
  mutating func setCondition(_ condition: ObjectNode) {
    var conditions = self["status", "conditions"]?.items ?? []
    let index = conditions.firstIndex { $0["type"] == condition["type"] }
    guard let index else {
      self["status", "conditions"] = .sequence(conditions + [condition])
      return
    }
    if conditions[index]["status"] == condition["status"],
      conditions[index]["reason"] == condition["reason"]
    {
      guard conditions[index]["message"] != condition["message"] else { return }
      conditions[index]["message"] = condition["message"]
    } else {
      conditions[index] = condition
    }
    self["status", "conditions"] = .sequence(conditions)
  }

  mutating func removeConditions(where isGone: (_ type: String) -> Bool) {
    guard let conditions = self["status", "conditions"]?.items else { return }
    let kept = conditions.filter { !isGone($0["type"]?.string ?? "") }
    guard kept.count < conditions.count else { return }
    self["status", "conditions"] = kept.isEmpty ? nil : .sequence(kept)
  }

  mutating func removeCondition(_ type: String) { removeConditions { $0 == type } }
}
