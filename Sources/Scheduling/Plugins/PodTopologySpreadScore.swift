import Glibc

/// Prefers nodes where few pods of a kind are
/// (pkg/scheduler/framework/plugins/podtopologyspread/scoring.go).
struct PodTopologySpreadScore: Score {
  let name = PodTopologySpread.name
  let weight: Int64 = 2

  private static let hostname = "kubernetes.io/hostname"

  private struct Rule {
    let constraint: TopologySpreadConstraint
    /// How many pods are on each node.
    let perNode: [Int]
    /// How many pods are in each domain.
    let counts: [String: Int]
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
    func isComplete(_ index: Int) -> Bool {
      let labels = snapshot.nodes[index].node.labels
      return constraints.allSatisfy { labels[$0.topologyKey] != nil }
    }
    let ignored = Set(candidates.filter { !isComplete($0) })
    self.ignored = ignored
    let complete = snapshot.nodes.indices.filter(isComplete)
    rules = constraints.map { constraint in
      let key = constraint.topologyKey
      let perNode = snapshot.matchingPods(of: constraint, for: pod)
      var counts: [String: Int] = [:]
      for index in candidates where !ignored.contains(index) {
        if let value = snapshot.nodes[index].node.labels[key] { counts[value] = 0 }
      }
      for index in complete {
        let node = snapshot.nodes[index].node
        guard let value = node.labels[key], let count = counts[value],
          constraint.includes(node, for: pod)
        else { continue }
        counts[value] = count + perNode[index]
      }
      let size = key == Self.hostname ? candidates.count - ignored.count : counts.count
      return Rule(
        constraint: constraint, perNode: perNode, counts: counts, weight: log(Double(size + 2)))
    }
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    guard !ignored.contains(index) else { return 0 }
    var score = 0.0
    for rule in rules {
      guard let value = state.node.labels[rule.constraint.topologyKey] else { continue }
      let count =
        rule.constraint.topologyKey == Self.hostname
        ? rule.perNode[index] : rule.counts[value] ?? 0
      score += Double(count) * rule.weight + Double(rule.constraint.maxSkew - 1)
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
