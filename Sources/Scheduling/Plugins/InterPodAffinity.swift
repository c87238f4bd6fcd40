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

  private let affinity: [AffinityTerm]
  /// The domains with a pod that all of the terms are about.
  private var near: Set<Domain> = []
  /// Whether the pod is what it wants to be near, so that the first of its kind may go anywhere.
  private let isOwnKind: Bool
  private let antiTerms: [AffinityTerm]
  /// The domains that the pod does not want.
  private var far: Set<Domain> = []
  /// The domains whose pods do not want it, by topology key.
  private var refusing: [String: Set<String>] = [:]

  private struct Domain: Hashable {
    var key: String
    var value: String
  }

  /// `nil` when neither the pod nor those that are there have anything to say.
  init?(_ pod: Pod, in snapshot: Snapshot) {
    affinity = pod.requiredAffinity
    antiTerms = pod.requiredAntiAffinity
    let namespace = snapshot.labels(ofNamespace: pod.namespace)
    for (term, counts) in snapshot.antiAffinity
    where !counts.isEmpty && term.matches(pod, namespaceLabels: namespace) {
      refusing[term.topologyKey, default: []].formUnion(counts.keys)
    }
    guard !affinity.isEmpty || !antiTerms.isEmpty || !refusing.isEmpty else { return nil }
    for term in antiTerms {
      var domains: Set<Domain> = []
      snapshot.forEachPod(term.selector, in: snapshot.namespaces(of: term)) { bound in
        if let value = snapshot.nodes[bound.node].node.labels[term.topologyKey] {
          domains.insert(Domain(key: term.topologyKey, value: value))
        }
      }
      far.formUnion(domains)
    }
    isOwnKind = affinity.allSatisfy { $0.matches(pod, namespaceLabels: namespace) }
    guard let first = affinity.first else { return }
    let scopes = affinity.map(snapshot.namespaces)
    var domains: Set<Domain> = []
    snapshot.forEachPod(first.selector, in: scopes[0]) { bound in
      for (term, scope) in zip(affinity, scopes).dropFirst() {
        guard scope?.contains(bound.pod.namespace) ?? true,
          term.selector.matches(bound.pod.labels)
        else { return }
      }
      let labels = snapshot.nodes[bound.node].node.labels
      for term in affinity {
        if let value = labels[term.topologyKey] {
          domains.insert(Domain(key: term.topologyKey, value: value))
        }
      }
    }
    near = domains
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    let labels = state.node.labels
    if !isNear(labels) { return Self.noAffinity }
    for term in antiTerms {
      if let value = labels[term.topologyKey],
        far.contains(Domain(key: term.topologyKey, value: value))
      {
        return Self.antiAffinity
      }
    }
    for (key, values) in refusing {
      if let value = labels[key], values.contains(value) { return Self.others }
    }
    return nil
  }

  private func isNear(_ labels: [String: String]) -> Bool {
    var isNear = true
    for term in affinity {
      guard let value = labels[term.topologyKey] else { return false }
      if !near.contains(Domain(key: term.topologyKey, value: value)) { isNear = false }
    }
    return isNear || (near.isEmpty && isOwnKind)
  }
}
