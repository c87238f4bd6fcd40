import KubeVirt
import Objects

/// A name for a priority (scheduling.k8s.io/v1, PriorityClass).
package struct PriorityClass: Hashable, Sendable {
  /// The name.
  package let name: String
  /// The priority.
  package let value: Int
  let isGlobalDefault: Bool
  let preemptionPolicy: String

  init(name: String, value: Int) {
    self.name = name
    self.value = value
    isGlobalDefault = false
    preemptionPolicy = "PreemptLowerPriority"
  }

  /// A class as it is written.
  package init(_ object: ObjectNode) {
    let root = APIValue(object)
    name = root["metadata"]["name"].string
    value = root["value"].integer
    isGlobalDefault = root["globalDefault"].boolean ?? false
    let policy = root["preemptionPolicy"].string
    preemptionPolicy = policy.isEmpty ? "PreemptLowerPriority" : policy
  }

  /// Those that each cluster has.
  static let system = [
    PriorityClass(name: "system-cluster-critical", value: 2_000_000_000),
    PriorityClass(name: "system-node-critical", value: 2_000_001_000),
  ]
}
