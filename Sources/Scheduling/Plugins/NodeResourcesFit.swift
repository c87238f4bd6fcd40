/// Keeps pods from nodes that have not enough left, and prefers those that have most
/// (pkg/scheduler/framework/plugins/noderesources: fit.go and least_allocated.go).
struct NodeResourcesFit: Filter, Score {
  let name = "NodeResourcesFit"
  let weight: Int64 = 1

  private let requests: ResourceAmounts
  private let counted: ResourceAmounts
  private let scalars: [Scalar]

  /// What is asked for of an extended resource or of huge pages, and what each node has and lacks.
  private struct Scalar {
    var name: String
    var amount: Int64
    var allocatable: [Int64]
    /// `nil` when nothing is taken anywhere.
    var requested: [Int64]?
  }

  init(_ pod: Pod, in snapshot: Snapshot) {
    requests = pod.requests
    counted = pod.countedRequests
    scalars = pod.requests.scalars.filter { $0.value != 0 }.sorted { $0.key < $1.key }
      .map { name, amount in
        Scalar(
          name: name, amount: amount, allocatable: snapshot.allocatable(name),
          requested: snapshot.requestedScalars[name])
      }
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    let allocatable = state.node.allocatable
    var reasons: [String] = []
    var isHopeless = false
    if Int64(state.pods.count) + 1 > allocatable.pods { reasons.append("Too many pods") }
    func check(_ name: String, _ amount: Int64, _ all: Int64, _ taken: Int64) {
      guard amount > 0, amount > all - taken else { return }
      reasons.append("Insufficient \(name)")
      if amount > all { isHopeless = true }
    }
    check("cpu", requests.milliCPU, allocatable.milliCPU, state.requested.milliCPU)
    check("memory", requests.memory, allocatable.memory, state.requested.memory)
    check(
      "ephemeral-storage", requests.ephemeralStorage, allocatable.ephemeralStorage,
      state.requested.ephemeralStorage)
    for scalar in scalars {
      check(
        scalar.name, scalar.amount, scalar.allocatable[state.index],
        scalar.requested?[state.index] ?? 0)
    }
    guard !reasons.isEmpty else { return nil }
    return Rejection(
      plugin: name, code: isHopeless ? .unresolvable : .unschedulable, reasons: reasons)
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    var sum: Int64 = 0
    var count: Int64 = 0
    func add(_ all: Int64, _ taken: Int64) {
      guard all > 0 else { return }
      count += 1
      if taken <= all {
        sum += Int64(clamping: Int128(all - taken) * 100 / Int128(all))
      }
    }
    let allocatable = state.node.allocatable
    add(allocatable.milliCPU, state.counted.milliCPU.addingClamped(counted.milliCPU))
    add(allocatable.memory, state.counted.memory.addingClamped(counted.memory))
    return count == 0 ? 0 : sum / count
  }
}
