import KubeVirt

/// The plugins of the default profile for one pod, in their order
/// (pkg/scheduler/apis/config/v1/default_plugins.go).
struct Profile {
  let filters: [any Filter]

  init(_ pod: Pod, in snapshot: Snapshot, release: Release) {
    let all: [(any Filter)?] = [
      NodeUnschedulable(pod), NodeName(pod), TaintToleration(pod, release: release),
      NodeAffinity(pod, in: snapshot), NodePorts(pod), NodeResourcesFit(pod, in: snapshot),
      PodTopologySpread(pod, in: snapshot),
      InterPodAffinity(pod, in: snapshot),
    ]
    filters = all.compactMap { $0 }
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    for filter in filters {
      if let rejection = filter.rejection(of: state) { return rejection }
    }
    return nil
  }

  /// The plugins that score the nodes that are left.
  static func scores(
    _ pod: Pod, in snapshot: Snapshot, candidates: [Int], release: Release
  ) throws(ScoringError) -> [any Score] {
    let all: [(any Score)?] = [
      TaintToleration(pod, release: release), try NodeAffinityScore(pod),
      PodTopologySpreadScore(pod, in: snapshot, candidates: candidates),
      InterPodAffinityScore(pod, in: snapshot), NodeResourcesFit(pod, in: snapshot),
      NodeResourcesBalancedAllocation(pod, release: release),
      ImageLocality(pod, in: snapshot),
    ]
    return all.compactMap { $0 }
  }
}
