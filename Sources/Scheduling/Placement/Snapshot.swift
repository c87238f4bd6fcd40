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
    /// Its index.
    let index: Int
    /// The places of its pods in ``Snapshot/pods``.
    var pods: [Int] = []
    /// The sum of what its pods request; the scalars are in ``Snapshot/requestedScalars``.
    var requested = Usage()
    /// The same for scores.
    var counted = Usage()
    var ports: [HostPort] = []
  }

  /// What is taken of a node.
  struct Usage: Sendable {
    var milliCPU: Int64 = 0
    var memory: Int64 = 0
    var ephemeralStorage: Int64 = 0

    fileprivate mutating func add(_ amounts: ResourceAmounts) {
      milliCPU = milliCPU.addingClamped(amounts.milliCPU)
      memory = memory.addingClamped(amounts.memory)
      ephemeralStorage = ephemeralStorage.addingClamped(amounts.ephemeralStorage)
    }

    fileprivate mutating func remove(_ amounts: ResourceAmounts) {
      milliCPU = max(0, milliCPU - amounts.milliCPU)
      memory = max(0, memory - amounts.memory)
      ephemeralStorage = max(0, ephemeralStorage - amounts.ephemeralStorage)
    }
  }

  /// The values that nodes have for a label, by number.
  struct Topology: Sendable {
    /// The number of each node's value; -1 for a node without the label.
    var domains: [Int]
    /// How many values there are.
    var count: Int
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
  private(set) var antiAffinity: [AffinityTerm: [Int: Int]] = [:]
  /// The same for affinity that scores, by what each counts.
  private(set) var scoredAffinity: [WeightedAffinityTerm: [Int: Int]] = [:]
  /// What pods request of each node of extended resources and huge pages, by name.
  private(set) var requestedScalars: [String: [Int64]] = [:]
  /// What was asked of the nodes' labels and amounts; these do not change.
  private var topologies: [String: Topology] = [:]
  private var allocatableScalars: [String: [Int64]] = [:]
  private var affinityMatches: [RequiredNodeAffinity: [Bool]] = [:]

  /// How many different affinities are remembered.
  private static let affinityLimit = 512

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
    self.nodes = sorted.enumerated().map { NodeState(node: $1, index: $0) }
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

  // MARK: - What nodes have

  /// Looks up what a pod's plugins ask of the nodes, so that it is there for the next pod too.
  mutating func prepare(for pod: Pod) {
    let terms = pod.requiredAffinity + pod.requiredAntiAffinity
    let weighted = pod.preferredAffinity + pod.preferredAntiAffinity
    for term in terms + weighted.map(\.term) { remember(term.topologyKey) }
    for constraint in pod.spreadConstraints { remember(constraint.topologyKey) }
    for name in pod.requests.scalars.keys where allocatableScalars[name] == nil {
      allocatableScalars[name] = allocatable(name)
    }
    if affinityMatches[pod.nodeAffinity] == nil {
      if affinityMatches.count >= Self.affinityLimit { affinityMatches = [:] }
      affinityMatches[pod.nodeAffinity] = matches(pod.nodeAffinity)
    }
  }

  private mutating func remember(_ key: String) {
    if topologies[key] == nil { topologies[key] = topology(key) }
  }

  /// The domains of a topology key.
  func topology(_ key: String) -> Topology {
    if let known = topologies[key] { return known }
    var numbers: [String: Int] = [:]
    let domains = nodes.map { state -> Int in
      guard let value = state.node.labels[key] else { return -1 }
      if let number = numbers[value] { return number }
      numbers[value] = numbers.count
      return numbers.count - 1
    }
    return Topology(domains: domains, count: numbers.count)
  }

  /// What each node allots of an extended resource or of huge pages.
  func allocatable(_ name: String) -> [Int64] {
    allocatableScalars[name] ?? nodes.map { $0.node.allocatable.scalars[name] ?? 0 }
  }

  /// Whether each node is one that a pod asks for.
  func matches(_ affinity: RequiredNodeAffinity) -> [Bool] {
    affinityMatches[affinity] ?? nodes.map { affinity.matches($0.node) }
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
    nodes[bound.node].requested.remove(bound.pod.requests)
    nodes[bound.node].counted.remove(bound.pod.countedRequests)
    for (name, amount) in bound.pod.requests.scalars {
      requestedScalars[name]?[bound.node] -= amount
    }
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
    nodes[bound.node].requested.add(bound.pod.requests)
    nodes[bound.node].counted.add(bound.pod.countedRequests)
    for (name, amount) in bound.pod.requests.scalars {
      if requestedScalars[name] == nil {
        requestedScalars[name] = [Int64](repeating: 0, count: nodes.count)
      }
      let sum = requestedScalars[name]?[bound.node] ?? 0
      requestedScalars[name]?[bound.node] = sum.addingClamped(amount)
    }
    nodes[bound.node].ports += bound.pod.hostPorts
    countTerms(of: bound, by: 1)
  }

  private mutating func countTerms(of bound: Bound, by step: Int) {
    let pod = bound.pod
    func domain(_ key: String) -> Int? {
      remember(key)
      let domain = topologies[key]?.domains[bound.node] ?? -1
      return domain < 0 ? nil : domain
    }
    for term in pod.requiredAntiAffinity {
      if let domain = domain(term.topologyKey) {
        antiAffinity[term, default: [:]].count(domain, step)
      }
    }
    func score(_ term: AffinityTerm, _ weight: Int) {
      guard let domain = domain(term.topologyKey) else { return }
      let weighted = WeightedAffinityTerm(weight: weight, term: term)
      scoredAffinity[weighted, default: [:]].count(domain, step)
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

extension [Int: Int] {
  /// Counts a value; one that is counted no longer is not there.
  fileprivate mutating func count(_ value: Int, _ step: Int) {
    let sum = (self[value] ?? 0) + step
    self[value] = sum == 0 ? nil : sum
  }
}
