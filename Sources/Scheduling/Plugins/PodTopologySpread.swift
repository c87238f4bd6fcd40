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
    let maxSkew: Int
    /// Each node's domain.
    let domains: [Int]
    /// Whether the pod itself counts.
    let isOwn: Bool
    /// How many pods are in each domain.
    let counts: [Int]
    /// How many are in the domain with fewest.
    let least: Int
  }

  private let rules: [Rule]

  /// `nil` when the pod has no constraints that must hold.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    let constraints = pod.spreadConstraints.filter(\.isRequired)
    guard !constraints.isEmpty else { return nil }
    let topologies = constraints.map { snapshot.topology($0.topologyKey) }
    let isAsked = snapshot.matches(pod.nodeAffinity)
    rules = zip(constraints, topologies).map { constraint, topology in
      let perNode = snapshot.matchingPods(of: constraint, for: pod)
      var counts = [Int](repeating: 0, count: topology.count)
      var isCounted = [Bool](repeating: false, count: topology.count)
      for index in snapshot.nodes.indices
      where topologies.allSatisfy({ $0.domains[index] >= 0 })
        && constraint.includes(snapshot.nodes[index].node, isAsked: isAsked[index], for: pod)
      {
        isCounted[topology.domains[index]] = true
        counts[topology.domains[index]] += perNode[index]
      }
      let present = isCounted.indices.filter { isCounted[$0] }
      return Rule(
        maxSkew: constraint.maxSkew, domains: topology.domains,
        isOwn: constraint.selector.matches(pod.labels), counts: counts,
        least: present.count < constraint.minDomains
          ? 0 : present.map { counts[$0] }.min() ?? 0)
    }
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    for rule in rules {
      let domain = rule.domains[state.index]
      guard domain >= 0 else { return Self.noLabel }
      let skew = rule.counts[domain] + (rule.isOwn ? 1 : 0) - rule.least
      if skew > rule.maxSkew { return Self.uneven }
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
