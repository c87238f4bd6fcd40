/// Keeps pods from where too many of their kind are
/// (pkg/scheduler/framework/plugins/podtopologyspread/filtering.go).
struct PodTopologySpread: Filter {
  static let name = "PodTopologySpread"

  private static let noLabel = Rejection(
    plugin: name, code: .unresolvable,
    reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"])
  private static let uneven = Rejection(
    plugin: name, code: .unschedulable,
    reasons: ["node(s) didn't match pod topology spread constraints"])

  private struct Rule {
    let constraint: TopologySpreadConstraint
    /// Whether the pod itself counts.
    let isOwn: Bool
    /// How many pods are in each domain.
    let counts: [String: Int]
    /// How many are in the domain with fewest.
    let least: Int
  }

  private let rules: [Rule]

  /// `nil` when the pod has no constraints that must hold.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    let constraints = pod.spreadConstraints.filter(\.isRequired)
    guard !constraints.isEmpty else { return nil }
    let complete = snapshot.nodes.indices.filter { index in
      let labels = snapshot.nodes[index].node.labels
      return constraints.allSatisfy { labels[$0.topologyKey] != nil }
    }
    rules = constraints.map { constraint in
      let perNode = snapshot.matchingPods(of: constraint, for: pod)
      var counts: [String: Int] = [:]
      for index in complete {
        let node = snapshot.nodes[index].node
        guard constraint.includes(node, for: pod), let value = node.labels[constraint.topologyKey]
        else { continue }
        counts[value, default: 0] += perNode[index]
      }
      return Rule(
        constraint: constraint, isOwn: constraint.selector.matches(pod.labels), counts: counts,
        least: counts.count < constraint.minDomains ? 0 : counts.values.min() ?? 0)
    }
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    for rule in rules {
      guard let value = state.node.labels[rule.constraint.topologyKey] else { return Self.noLabel }
      let skew = (rule.counts[value] ?? 0) + (rule.isOwn ? 1 : 0) - rule.least
      if skew > rule.constraint.maxSkew { return Self.uneven }
    }
    return nil
  }
}

extension Snapshot {
  /// How many pods of the pod's namespace a constraint counts on each node: none when its selector
  /// is empty, and none that is on its way out.
  func matchingPods(of constraint: TopologySpreadConstraint, for pod: Pod) -> [Int] {
    var counts = [Int](repeating: 0, count: nodes.count)
    guard !constraint.selector.isEverything else { return counts }
    forEachPod(constraint.selector, in: [pod.namespace]) { bound in
      if !bound.pod.isTerminating { counts[bound.node] += 1 }
    }
    return counts
  }
}
