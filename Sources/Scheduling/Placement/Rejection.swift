/// Why a node is not for a pod, as the first filter that fails has it.
package struct Rejection: Hashable, Sendable {
  /// Whether removing pods could help.
  package enum Code: String, Hashable, Sendable {
    /// It could: preemption is tried.
    case unschedulable = "Unschedulable"
    /// It could not.
    case unresolvable = "UnschedulableAndUnresolvable"
  }

  /// The filter's name.
  package let plugin: String
  /// Whether removing pods could help.
  package let code: Code
  /// The reasons, in kube-scheduler's words.
  package let reasons: [String]
}

/// What one filter of the default profile says of nodes, after it has looked at the pod and the
/// cluster once.
protocol Filter {
  /// Why a node is not for the pod; `nil` when this filter lets it through.
  func rejection(of state: Snapshot.NodeState) -> Rejection?
}

/// What one plugin of the default profile gives nodes, after it has looked at the pod, the cluster
/// and the nodes that are left once.
protocol Score {
  /// The plugin's name.
  var name: String { get }
  /// How often its score counts.
  var weight: Int64 { get }
  /// The score before all are compared.
  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64
  /// Brings scores to 0 to 100.
  func normalize(_ scores: inout [Int64], of indices: [Int])
}

extension Score {
  func normalize(_ scores: inout [Int64], of indices: [Int]) {}
}

extension [Int64] {
  /// Scales so that the largest is 100 (plugins/helper, DefaultNormalizeScore).
  ///
  /// - Parameter isReversed: whether the largest is the worst.
  mutating func scale(isReversed: Bool) {
    let largest = self.max() ?? 0
    guard largest > 0 else {
      if isReversed { for index in indices { self[index] = 100 } }
      return
    }
    for index in indices {
      let scaled = 100 * self[index] / largest
      self[index] = isReversed ? 100 - scaled : scaled
    }
  }
}
