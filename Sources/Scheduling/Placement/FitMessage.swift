/// The scheduler's sentence for a pod that no node takes (pkg/scheduler/framework/types.go, FitError).
enum FitMessage {
  /// What is said of a cluster without nodes.
  static let noNodes = "no nodes available to schedule pods"

  /// The sentence.
  ///
  /// - Parameters:
  ///   - counts: how many nodes have each reason.
  ///   - after: what was tried then.
  static func text(_ counts: [String: Int], nodes: Int, after: String = "") -> String {
    let listed = counts.map { "\($0.value) \($0.key)" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    var text = "0/\(nodes) nodes are available:"
    if !listed.isEmpty { text += " \(listed.joined(separator: ", "))." }
    return after.isEmpty ? text : "\(text) \(after)"
  }

  /// The sentence when nothing was asked of the nodes.
  static func text(preFilter: Rejection, nodes: Int) -> String {
    // The last words are of a plugin that finds nothing of this attempt.
    "0/\(nodes) nodes are available: \(preFilter.reasons.joined(separator: ", ")). not found"
  }

  /// How many nodes have each reason.
  static func counts(_ rejections: some Sequence<Rejection>) -> [String: Int] {
    var counts: [String: Int] = [:]
    for rejection in rejections {
      for reason in rejection.reasons { counts[reason, default: 0] += 1 }
    }
    return counts
  }
}
