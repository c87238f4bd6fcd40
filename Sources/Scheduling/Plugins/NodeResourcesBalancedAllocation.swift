import KubeVirt

/// Prefers nodes whose processors and memory are then used alike
/// (pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go).
struct NodeResourcesBalancedAllocation: Score {
  let name = "NodeResourcesBalancedAllocation"
  let weight: Int64 = 1

  private let milliCPU: Int64
  private let memory: Int64
  private let comparesBalance: Bool

  /// `nil` when the pod requests neither.
  init?(_ pod: Pod, release: Release) {
    guard pod.requests.milliCPU != 0 || pod.requests.memory != 0 else { return nil }
    milliCPU = pod.requests.milliCPU
    memory = pod.requests.memory
    comparesBalance = release.comparesBalance
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    let after = balance(state, milliCPU, memory)
    guard comparesBalance else { return after }
    return 50 + (50 + after - balance(state, 0, 0)) / 2
  }

  private func balance(_ state: Snapshot.NodeState, _ milliCPU: Int64, _ memory: Int64) -> Int64 {
    let all = state.node.allocatable
    guard all.milliCPU != 0, all.memory != 0 else { return 100 }
    func fraction(_ taken: Int64, _ all: Int64) -> Double { min(1, Double(taken) / Double(all)) }
    let processors = fraction(state.requested.milliCPU.addingClamped(milliCPU), all.milliCPU)
    let bytes = fraction(state.requested.memory.addingClamped(memory), all.memory)
    return Int64((1 - abs((processors - bytes) / 2)) * 100)
  }
}
