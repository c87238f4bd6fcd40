import Glibc

/// Prefers nodes where few pods of a kind are
/// (pkg/scheduler/framework/plugins/podtopologyspread/scoring.go).
struct PodTopologySpreadScore: Score {
  let name = PodTopologySpread.name
  let weight: Int64 = 2

  private static let hostname = "kubernetes.io/hostname"

  private struct Rule {
    /// Each node's domain.
    let domains: [Int]
    /// How many pods are in each domain; for host names, on each node.
    let counts: [Int]
    let isPerNode: Bool
    let maxSkew: Int
    let weight: Double
  }

  private let rules: [Rule]
  /// Nodes without one of the labels: these get nothing.
  private let ignored: Set<Int>

  /// `nil` when the pod has no constraints that are only wishes.
  ///
  /// - Parameter candidates: the nodes that all filters let through.
  init?(_ pod: Pod, in snapshot: Snapshot, candidates: [Int]) {
    let constraints = pod.spreadConstraints.filter { !$0.isRequired }
    guard !constraints.isEmpty else { return nil }
    let topologies = constraints.map { snapshot.topology($0.topologyKey) }
    func isComplete(_ index: Int) -> Bool { topologies.allSatisfy { $0.domains[index] >= 0 } }
    let ignored = Set(candidates.filter { !isComplete($0) })
    self.ignored = ignored
    let isAsked = snapshot.matches(pod.nodeAffinity)
    rules = zip(constraints, topologies).map { constraint, topology in
      let isPerNode = constraint.topologyKey == Self.hostname
      let perNode = snapshot.matchingPods(of: constraint, for: pod)
      var isPresent = [Bool](repeating: false, count: topology.count)
      for index in candidates where !ignored.contains(index) {
        isPresent[topology.domains[index]] = true
      }
      var counts = [Int](repeating: 0, count: topology.count)
      for index in snapshot.nodes.indices
      where !isPerNode && isComplete(index) && isPresent[topology.domains[index]]
        && constraint.includes(snapshot.nodes[index].node, isAsked: isAsked[index], for: pod)
      {
        counts[topology.domains[index]] += perNode[index]
      }
      let size = isPerNode ? candidates.count - ignored.count : isPresent.count { $0 }
      return Rule(
        domains: topology.domains, counts: isPerNode ? perNode : counts, isPerNode: isPerNode,
        maxSkew: constraint.maxSkew, weight: log(Double(size + 2)))
    }
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    guard !ignored.contains(index) else { return 0 }
    var score = 0.0
    for rule in rules {
      let count = rule.counts[rule.isPerNode ? index : rule.domains[index]]
      score += Double(count) * rule.weight + Double(rule.maxSkew - 1)
    }
    return Int64(score.rounded(.toNearestOrAwayFromZero))
  }

  func normalize(_ scores: inout [Int64], of indices: [Int]) {
    var least = Int64.max
    var most: Int64 = 0
    for (place, index) in indices.enumerated() where !ignored.contains(index) {
      least = min(least, scores[place])
      most = max(most, scores[place])
    }
    for (place, index) in indices.enumerated() {
      if ignored.contains(index) {
        scores[place] = 0
      } else {
        scores[place] = most == 0 ? 100 : 100 * (most + least - scores[place]) / most
      }
    }
  }
}
