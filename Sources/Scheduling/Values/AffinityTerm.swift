import KubeVirt

/// Pods that a pod wants to be near, or far from (core/v1, PodAffinityTerm).
package struct AffinityTerm: Hashable, Sendable {
  let selector: LabelSelector
  /// The namespaces that are named; the pod's own when neither they nor a selector are given.
  let namespaces: Set<String>
  let namespaceSelector: LabelSelector
  let topologyKey: String

  init(_ value: APIValue, namespace: String) {
    selector = LabelSelector(value["labelSelector"])
    let named = Set(value["namespaces"].strings)
    namespaceSelector = LabelSelector(value["namespaceSelector"])
    namespaces = named.isEmpty && !value["namespaceSelector"].exists ? [namespace] : named
    topologyKey = value["topologyKey"].string
  }

  /// Whether it is about a pod, by the labels of the pod and of its namespace.
  func matches(_ pod: Pod, namespaceLabels: [String: String]) -> Bool {
    guard namespaces.contains(pod.namespace) || namespaceSelector.matches(namespaceLabels) else {
      return false
    }
    return selector.matches(pod.labels)
  }
}

/// A term with what it counts in scores.
struct WeightedAffinityTerm: Hashable, Sendable {
  var weight: Int
  var term: AffinityTerm
}
