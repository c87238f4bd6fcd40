import KubeVirt
import Objects

/// The fields of two results side by side. Lists whose order Go leaves open are compared as sets.
struct RecordedComparison {
  private let recorded: ObjectNode
  private let computed: ObjectNode
  /// Fields that a recording may leave out.
  private let optional: Set<String>

  private static let sets: Set<String> = [
    "best", "warnings", "preempted", "causes", "webhookRefused", "events",
  ]

  init(_ recorded: ObjectNode, _ computed: ObjectNode, optional: Set<String> = []) {
    self.recorded = recorded
    self.computed = computed
    self.optional = optional
  }

  func differences(name: String, release: String) -> [Recording.Difference] {
    let names = Set(recorded.entries.map(\.key))
    let all = names.union(computed.entries.map(\.key)).sorted()
    return all.compactMap { field in
      let (seen, found) = (recorded[field], computed[field])
      if seen == nil, optional.contains(field) { return nil }
      guard Self.normal(seen, field) != Self.normal(found, field) else { return nil }
      // The text of a refusal for several reasons has these in any order.
      if field == "refused", recorded["causes"] != nil,
        Self.normal(recorded["causes"], "causes") == Self.normal(computed["causes"], "causes")
      {
        return nil
      }
      return Recording.Difference(
        name: name, release: release, field: field, recorded: Self.text(seen),
        computed: Self.text(found))
    }
  }

  private static func normal(_ node: ObjectNode?, _ field: String) -> ObjectNode? {
    guard let node = node?.canonical else { return nil }
    if sets.contains(field) { return sorted(node, from: 0) }
    guard field == "nodes", node.isMapping else { return node }
    return ObjectNode(
      .mapping(
        node.entries.map { entry in
          var entry = entry
          entry.value = sorted(entry.value, from: 2)
          return entry
        }))
  }

  private static func sorted(_ node: ObjectNode, from start: Int) -> ObjectNode {
    guard node.isSequence, node.items.count > start else { return node }
    let items = node.items
    let rest = items[start...].sorted { text($0) < text($1) }
    return .sequence(Array(items[..<start]) + rest)
  }

  private static func text(_ node: ObjectNode?) -> String {
    node.map { String(decoding: $0.canonicalJSON, as: UTF8.self) } ?? "nothing"
  }
}
