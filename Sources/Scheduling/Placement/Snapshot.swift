/// The nodes of a cluster and the pods that are on them, with what is asked of them again and again
/// counted as pods come and go.
package struct Snapshot: Sendable {
  /// A pod on a node.
  struct Bound: Sendable {
    var pod: Pod
    /// The node's index.
    var node: Int
  }

  /// A node and what is taken of it.
  struct NodeState: Sendable {
    let node: Node
    /// The places of its pods in ``Snapshot/pods``.
    var pods: [Int] = []
    /// The sum of what its pods request.
    var requested = ResourceAmounts()
    /// The same for scores.
    var counted = ResourceAmounts()
    var ports: [HostPort] = []
  }

  private struct Label: Hashable {
    var key: String
    var value: String
  }

  /// The nodes by name.
  private(set) var nodes: [NodeState]
  /// Pods that are on a node; `nil` where one has gone.
  private(set) var pods: [Bound?] = []
  /// How many nodes have an image, by its name.
  let imageCounts: [String: Int]
  /// Required anti-affinity of the pods that are there: how many pods have it, by the value of the
  /// topology label of their nodes.
  private(set) var antiAffinity: [AffinityTerm: [String: Int]] = [:]
  /// The same for affinity that scores, by what each counts.
  private(set) var scoredAffinity: [WeightedAffinityTerm: [String: Int]] = [:]

  private let indices: [String: Int]
  private let namespaces: [String: [String: String]]
  /// The places of the pods that have a label.
  private var postings: [Label: [Int]] = [:]

  /// A cluster without pods.
  ///
  /// - Parameter namespaces: the labels of namespaces by name; one that is not among them has none
  ///   but that with its name.
  package init(nodes: [Node], namespaces: [String: [String: String]] = [:]) {
    let sorted = nodes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.nodes = sorted.map { NodeState(node: $0) }
    self.namespaces = namespaces
    indices = Dictionary(sorted.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var counts: [String: Int] = [:]
    for node in sorted { for name in node.images.keys { counts[name, default: 0] += 1 } }
    imageCounts = counts
  }

  /// The names of the nodes, sorted by their bytes.
  package var nodeNames: [String] { nodes.map(\.node.name) }

  func index(of node: String) -> Int? { indices[node] }

  /// The labels of a namespace.
  func labels(ofNamespace name: String) -> [String: String] {
    var labels = namespaces[name] ?? [:]
    labels["kubernetes.io/metadata.name"] = name
    return labels
  }

  /// The namespaces that a term speaks of; `nil` for all.
  func namespaces(of term: AffinityTerm) -> Set<String>? {
    if term.namespaceSelector.isEverything { return nil }
    if term.namespaceSelector.isNothing { return term.namespaces }
    var names = term.namespaces
    var known = Set(namespaces.keys)
    for case let bound? in pods { known.insert(bound.pod.namespace) }
    for name in known where term.namespaceSelector.matches(labels(ofNamespace: name)) {
      names.insert(name)
    }
    return names
  }

  // MARK: - Pods

  /// Puts a pod on a node; a node that is not there takes none.
  ///
  /// - Returns: its place.
  @discardableResult
  package mutating func add(_ pod: Pod, to node: String) -> Int? {
    guard let index = indices[node] else { return nil }
    let place = pods.count
    pods.append(nil)
    for (key, value) in pod.labels {
      postings[Label(key: key, value: value), default: []].append(place)
    }
    put(Bound(pod: pod, node: index), at: place)
    return place
  }

  /// Takes a pod off its node, so that it may be put back.
  mutating func remove(_ place: Int) -> Bound? {
    guard let bound = pods[place] else { return nil }
    pods[place] = nil
    nodes[bound.node].pods.removeAll { $0 == place }
    nodes[bound.node].requested -= bound.pod.requests
    nodes[bound.node].counted -= bound.pod.countedRequests
    for port in bound.pod.hostPorts {
      if let index = nodes[bound.node].ports.firstIndex(of: port) {
        nodes[bound.node].ports.remove(at: index)
      }
    }
    countTerms(of: bound, by: -1)
    return bound
  }

  /// Puts a pod at the place that it has.
  mutating func put(_ bound: Bound, at place: Int) {
    pods[place] = bound
    nodes[bound.node].pods.append(place)
    nodes[bound.node].requested += bound.pod.requests
    nodes[bound.node].counted += bound.pod.countedRequests
    nodes[bound.node].ports += bound.pod.hostPorts
    countTerms(of: bound, by: 1)
  }

  private mutating func countTerms(of bound: Bound, by step: Int) {
    let pod = bound.pod
    let labels = nodes[bound.node].node.labels
    for term in pod.requiredAntiAffinity {
      if let value = labels[term.topologyKey] {
        antiAffinity[term, default: [:]].count(value, step)
      }
    }
    func score(_ term: AffinityTerm, _ weight: Int) {
      guard let value = labels[term.topologyKey] else { return }
      let weighted = WeightedAffinityTerm(weight: weight, term: term)
      scoredAffinity[weighted, default: [:]].count(value, step)
    }
    for term in pod.requiredAffinity { score(term, 1) }
    for weighted in pod.preferredAffinity { score(weighted.term, weighted.weight) }
    for weighted in pod.preferredAntiAffinity { score(weighted.term, -weighted.weight) }
  }

  /// Calls a closure with each pod that a selector matches.
  ///
  /// - Parameter namespaces: where to look; `nil` for everywhere.
  func forEachPod(
    _ selector: LabelSelector, in namespaces: Set<String>?, _ body: (Bound) -> Void
  ) {
    guard let requirements = selector.requirements else { return }
    func visit(_ bound: Bound) {
      guard namespaces?.contains(bound.pod.namespace) ?? true,
        requirements.allSatisfy({ $0.matches(bound.pod.labels) })
      else { return }
      body(bound)
    }
    var best: [[Int]]?
    var bestCount = Int.max
    for requirement in requirements where requirement.relation == .isIn {
      let lists = Set(requirement.values).compactMap {
        postings[Label(key: requirement.key, value: $0)]
      }
      let count = lists.reduce(0) { $0 + $1.count }
      if count < bestCount { (best, bestCount) = (lists, count) }
    }
    if let best {
      for list in best { for place in list { pods[place].map(visit) } }
    } else {
      for case let bound? in pods { visit(bound) }
    }
  }
}

extension [String: Int] {
  /// Counts a value; one that is counted no longer is not there.
  fileprivate mutating func count(_ value: String, _ step: Int) {
    let sum = (self[value] ?? 0) + step
    self[value] = sum == 0 ? nil : sum
  }
}
