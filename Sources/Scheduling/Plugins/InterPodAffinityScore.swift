/// Prefers nodes near pods that a pod prefers, or that prefer it
/// (pkg/scheduler/framework/plugins/interpodaffinity/scoring.go).
struct InterPodAffinityScore: Score {
  let name = InterPodAffinity.name
  let weight: Int64 = 2

  /// What nodes get in the domains of a topology key.
  private struct Gains {
    let domains: [Int]
    var values: [Int64]
  }

  private let gains: [Gains]

  /// `nil` when nothing is to be counted.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    var gains: [String: Gains] = [:]
    func add(_ value: Int64, _ key: String, _ domain: Int) {
      if gains[key] == nil {
        let topology = snapshot.topology(key)
        gains[key] = Gains(
          domains: topology.domains, values: [Int64](repeating: 0, count: topology.count))
      }
      gains[key]?.values[domain] += value
    }
    func count(_ weighted: WeightedAffinityTerm, sign: Int64) {
      let key = weighted.term.topologyKey
      let domains = snapshot.topology(key).domains
      let namespaces = snapshot.namespaces(of: weighted.term)
      snapshot.forEachPod(weighted.term.selector, in: namespaces) { bound in
        let domain = domains[bound.node]
        if domain >= 0 { add(sign * Int64(weighted.weight), key, domain) }
      }
    }
    for weighted in pod.preferredAffinity { count(weighted, sign: 1) }
    for weighted in pod.preferredAntiAffinity { count(weighted, sign: -1) }
    let namespace = snapshot.labels(ofNamespace: pod.namespace)
    for (weighted, counts) in snapshot.scoredAffinity
    where weighted.term.matches(pod, namespaceLabels: namespace) {
      for (domain, count) in counts {
        add(Int64(weighted.weight) * Int64(count), weighted.term.topologyKey, domain)
      }
    }
    guard !gains.isEmpty else { return nil }
    self.gains = Array(gains.values)
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    gains.reduce(0) { sum, gains in
      let domain = gains.domains[index]
      return domain < 0 ? sum : sum + gains.values[domain]
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
