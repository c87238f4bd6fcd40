import KubeVirt

/// Keeps pods from nodes with taints that they do not tolerate, and prefers nodes with few of those
/// that only prefer others (pkg/scheduler/framework/plugins/tainttoleration).
struct TaintToleration: Filter, Score {
  let name = "TaintToleration"
  let weight: Int64 = 3

  private let tolerations: [Toleration]
  private let preferring: [Toleration]
  private let namesTaint: Bool

  init(_ pod: Pod, release: Release) {
    tolerations = pod.tolerations
    preferring = pod.tolerations.filter {
      $0.effect.isEmpty || $0.effect == Taint.Effect.preferNoSchedule.rawValue
    }
    namesTaint = release.namesTaint
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    guard
      let taint = state.node.taints.first(where: { $0.keepsAway && !tolerations.tolerate($0) })
    else { return nil }
    return Rejection(
      plugin: name, code: .unresolvable,
      reasons: [
        namesTaint
          ? "node(s) had untolerated taint {\(taint.key): \(taint.value)}"
          : "node(s) had untolerated taint(s)"
      ])
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    Int64(
      state.node.taints.count { $0.effect == .preferNoSchedule && !preferring.tolerate($0) })
  }

  func normalize(_ scores: inout [Int64], of indices: [Int]) { scores.scale(isReversed: true) }
}
