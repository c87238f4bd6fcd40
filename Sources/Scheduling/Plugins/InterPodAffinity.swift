/// Keeps pods near those that they want, and from those that they, or these, do not want
/// (pkg/scheduler/framework/plugins/interpodaffinity/filtering.go).
struct InterPodAffinity: Filter {
  static let name = "InterPodAffinity"

  private static let noAffinity = Rejection(
    plugin: name, code: .unresolvable, reasons: ["node(s) didn't match pod affinity rules"])
  private static let antiAffinity = Rejection(
    plugin: name, code: .unschedulable, reasons: ["node(s) didn't match pod anti-affinity rules"])
  private static let others = Rejection(
    plugin: name, code: .unschedulable,
    reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"])

  /// Domains of a topology key.
  private struct Domains {
    /// Each node's domain.
    let ofNodes: [Int]
    var members: Set<Int> = []

    func contains(_ index: Int) -> Bool { members.contains(ofNodes[index]) }
  }

  /// The topology keys of the terms that the pod wants to be near, with the domains that have a pod
  /// that all of the terms are about.
  private var near: [String: Domains] = [:]
  /// Whether the pod is what it wants to be near, so that the first of its kind may go anywhere.
  private let isOwnKind: Bool
  /// The domains that the pod does not want.
  private var far: [String: Domains] = [:]
  /// The domains whose pods do not want it.
  private var refusing: [String: Domains] = [:]

  /// `nil` when neither the pod nor those that are there have anything to say.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    func empty(_ key: String) -> Domains { Domains(ofNodes: snapshot.topology(key).domains) }
    let namespace = snapshot.labels(ofNamespace: pod.namespace)
    isOwnKind = pod.requiredAffinity.allSatisfy { $0.matches(pod, namespaceLabels: namespace) }
    for (term, counts) in snapshot.antiAffinity
    where !counts.isEmpty && term.matches(pod, namespaceLabels: namespace) {
      let key = term.topologyKey
      refusing[key, default: empty(key)].members.formUnion(counts.keys)
    }
    guard !pod.requiredAffinity.isEmpty || !pod.requiredAntiAffinity.isEmpty || !refusing.isEmpty
    else { return nil }
    for term in pod.requiredAntiAffinity {
      var domains = far[term.topologyKey] ?? empty(term.topologyKey)
      snapshot.forEachPod(term.selector, in: snapshot.namespaces(of: term)) { bound in
        let domain = domains.ofNodes[bound.node]
        if domain >= 0 { domains.members.insert(domain) }
      }
      far[term.topologyKey] = domains
    }
    near = Self.near(pod.requiredAffinity, in: snapshot)
  }

  private static func near(
    _ terms: [AffinityTerm], in snapshot: Snapshot
  ) -> [String: Domains] {
    guard let first = terms.first else { return [:] }
    var near: [String: Domains] = [:]
    for term in terms {
      near[term.topologyKey] = Domains(ofNodes: snapshot.topology(term.topologyKey).domains)
    }
    let scopes = terms.map(snapshot.namespaces)
    snapshot.forEachPod(first.selector, in: scopes[0]) { bound in
      for (term, scope) in zip(terms, scopes).dropFirst() {
        guard scope?.contains(bound.pod.namespace) ?? true,
          term.selector.matches(bound.pod.labels)
        else { return }
      }
      for key in near.keys {
        let domain = near[key]?.ofNodes[bound.node] ?? -1
        if domain >= 0 { near[key]?.members.insert(domain) }
      }
    }
    return near
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    if !isNear(state.index) { return Self.noAffinity }
    if far.values.contains(where: { $0.contains(state.index) }) { return Self.antiAffinity }
    if refusing.values.contains(where: { $0.contains(state.index) }) { return Self.others }
    return nil
  }

  private func isNear(_ index: Int) -> Bool {
    var isNear = true
    for domains in near.values {
      guard domains.ofNodes[index] >= 0 else { return false }
      if !domains.contains(index) { isNear = false }
    }
    return isNear || (isOwnKind && near.values.allSatisfy(\.members.isEmpty))
  }
}
