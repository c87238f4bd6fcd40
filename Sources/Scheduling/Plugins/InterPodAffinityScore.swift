/// Prefers nodes near pods that a pod prefers, or that prefer it
/// (pkg/scheduler/framework/plugins/interpodaffinity/scoring.go).
struct InterPodAffinityScore: Score {
  let name = InterPodAffinity.name
  let weight: Int64 = 2

  /// What a node gets, by topology key and the value that it has for it.
  private var scores: [String: [String: Int64]] = [:]

  /// `nil` when nothing is to be counted.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    var scores: [String: [String: Int64]] = [:]
    func count(_ weighted: WeightedAffinityTerm, sign: Int64) {
      let key = weighted.term.topologyKey
      let namespaces = snapshot.namespaces(of: weighted.term)
      snapshot.forEachPod(weighted.term.selector, in: namespaces) { bound in
        guard let value = snapshot.nodes[bound.node].node.labels[key] else { return }
        scores[key, default: [:]][value, default: 0] += sign * Int64(weighted.weight)
      }
    }
    for weighted in pod.preferredAffinity { count(weighted, sign: 1) }
    for weighted in pod.preferredAntiAffinity { count(weighted, sign: -1) }
    let namespace = snapshot.labels(ofNamespace: pod.namespace)
    for (weighted, counts) in snapshot.scoredAffinity
    where weighted.term.matches(pod, namespaceLabels: namespace) {
      for (value, count) in counts {
        scores[weighted.term.topologyKey, default: [:]][value, default: 0] +=
          Int64(weighted.weight) * Int64(count)
      }
    }
    guard !scores.isEmpty else { return nil }
    self.scores = scores
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    scores.reduce(0) { sum, entry in
      guard let value = state.node.labels[entry.key] else { return sum }
      return sum + (entry.value[value] ?? 0)
    }
  }

  func normalize(_ scores: inout [Int64], of indices: [Int]) {
    guard let least = scores.min(), let most = scores.max() else { return }
    for index in scores.indices {
      scores[index] =
        most == least ? 0 : Int64(100 * (Double(scores[index] - least) / Double(most - least)))
    }
  }
}
