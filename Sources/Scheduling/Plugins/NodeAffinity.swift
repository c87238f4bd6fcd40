/// Keeps pods from nodes that they do not ask for (pkg/scheduler/framework/plugins/nodeaffinity).
struct NodeAffinity: Filter {
  static let name = "NodeAffinity"

  private static let rejection = Rejection(
    plugin: name, code: .unresolvable,
    reasons: ["node(s) didn't match Pod's node affinity/selector"])

  private let matches: [Bool]

  /// `nil` when the pod asks for nothing.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    guard !pod.nodeAffinity.isEmpty else { return nil }
    matches = snapshot.matches(pod.nodeAffinity)
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    matches[state.index] ? nil : Self.rejection
  }

  /// Which nodes are looked at when each term names some: before anything else is asked.
  enum Choice {
    /// All nodes.
    case all
    /// Those with these names.
    case named(Set<String>)
    /// None, because each term asks for several names at once.
    case conflict(Rejection)
  }

  static func choice(of pod: Pod) -> Choice {
    guard let terms = pod.nodeAffinity.terms, !terms.isEmpty else { return .all }
    var names: Set<String> = []
    for term in terms {
      guard let named = term.nodeNames else { return .all }
      names.formUnion(named)
    }
    guard names.isEmpty else { return .named(names) }
    return .conflict(
      Rejection(plugin: name, code: .unresolvable, reasons: ["pod affinity terms conflict"]))
  }

  /// What is said of nodes that are not among the named ones.
  static let leftOut = Rejection(
    plugin: "PreFilterResult", code: .unresolvable,
    reasons: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"])
}

/// Prefers nodes that meet preferred terms.
struct NodeAffinityScore: Score {
  let name = NodeAffinity.name
  let weight: Int64 = 2

  private let terms: [WeightedNodeTerm]

  /// `nil` when the pod prefers none.
  ///
  /// - Throws: ``ScoringError`` when a term cannot be compared.
  init?(_ pod: Pod) throws(ScoringError) {
    guard !pod.preferredNodes.isEmpty else { return nil }
    terms = pod.preferredNodes.filter { !$0.term.isEmpty && $0.weight != 0 }
    let errors = pod.preferredNodes.enumerated().flatMap { index, weighted in
      weighted.term.isEmpty || weighted.weight == 0
        ? [] : weighted.term.errors.map { "[\(index)].\($0)" }
    }
    guard errors.isEmpty else {
      let list = errors.joined(separator: ", ")
      throw ScoringError(
        description: "running PreScore plugin \"\(name)\": "
          + (errors.count == 1 ? list : "[\(list)]"))
    }
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    terms.reduce(0) { $0 + ($1.term.matches(state.node) ? Int64($1.weight) : 0) }
  }

  func normalize(_ scores: inout [Int64], of indices: [Int]) { scores.scale(isReversed: false) }
}

/// Why scoring ends, and with it the attempt to place a pod.
struct ScoringError: Error {
  let description: String
}
