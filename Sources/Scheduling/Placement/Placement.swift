/// What came of an attempt to place a pod.
package struct Placement: Sendable {
  /// What a plugin gives the nodes that were scored.
  package struct PluginScores: Sendable {
    /// The plugin.
    package let plugin: String
    /// How often it counts.
    package let weight: Int64
    /// 0 to 100 for each of ``Placement/candidates``.
    package let scores: [Int64]
  }

  /// Pods that give way to a pod with a higher priority.
  package struct Preemption: Sendable {
    /// The node where they are.
    package let node: String
    /// The pods, those with the highest priority first.
    package let victims: [Pod]
    /// The places of the victims in the snapshot.
    let places: [Int]
  }

  /// Why nothing was asked of the nodes.
  package internal(set) var preFilter: Rejection?
  /// The first objection to each node, in the order of the nodes; `nil` for nodes that will do.
  package internal(set) var rejections: [Rejection?] = []
  /// The indices of the nodes that will do.
  package internal(set) var candidates: [Int] = []
  /// What each plugin gives them; empty when there is only one, which is not scored.
  package internal(set) var scores: [PluginScores] = []
  /// The sum for each of ``candidates``; empty when they were not scored.
  package internal(set) var totals: [Int64] = []
  /// The names of the best nodes in order; the first is taken.
  package internal(set) var best: [String] = []
  /// Why scoring ended.
  package internal(set) var scoringError: String?
  /// The reason of the condition PodScheduled, where it is False.
  package internal(set) var reason: String?
  /// The message of that condition.
  package internal(set) var message: String?
  /// Who gives way.
  package internal(set) var preemption: Preemption?

  /// The node that is taken: the first of the best.
  package var node: String? { best.first }
}
