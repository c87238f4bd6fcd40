import KubeVirt
import Objects

/// What the API server fills into a pod (pkg/apis/core/v1/defaults.go, and the admission plugin
/// DefaultTolerationSeconds).
enum PodDefaults {
  /// A pod with requests where there are limits alone.
  static func filled(_ pod: ObjectNode) -> ObjectNode {
    var pod = pod
    for list in ["containers", "initContainers"] {
      pod["spec", list]?.editItems { _, container in
        fillRequests(&container)
      }
    }
    fillPodRequests(&pod)
    return pod
  }

  private static func fillRequests(_ container: inout ObjectNode) -> Bool {
    let resources = APIValue(container)["resources"]
    let missing = (resources["limits"].node?.entries ?? []).filter {
      !resources["requests"][$0.key].exists
    }
    for entry in missing { container["resources", "requests", entry.key] = entry.value }
    return !missing.isEmpty
  }

  /// What the pod as a whole is limited to and does not request: its containers' requests, or the
  /// limit when none requests it.
  private static func fillPodRequests(_ pod: inout ObjectNode) {
    let spec = APIValue(pod)["spec"]
    let resources = spec["resources"]
    for entry in resources["limits"].node?.entries ?? []
    where !resources["requests"][entry.key].exists {
      let isRequested = (spec["containers"].items + spec["initContainers"].items).contains {
        $0["resources"]["requests"][entry.key].exists
      }
      if !isRequested || ResourceName.isHugePages(entry.key) {
        pod["spec", "resources", "requests", entry.key] = entry.value
      }
    }
  }

  /// Lets a pod stay for a while on a node that has failed.
  static func addTolerations(_ pod: inout ObjectNode) {
    let written = APIValue(pod)["spec"]["tolerations"].items
    var added: [ObjectNode] = []
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
      let isThere = written.contains { toleration in
        let name = toleration["key"].string
        let effect = toleration["effect"].string
        return (name == key || name.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
      }
      guard !isThere else { continue }
      added.append([
        "key": .text(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300,
      ])
    }
    guard !added.isEmpty, pod["spec"]?.isMapping == true else { return }
    var tolerations = pod["spec", "tolerations"] ?? .sequence([])
    if tolerations.isNull { tolerations = .sequence([]) }
    tolerations.append(contentsOf: added)
    pod["spec", "tolerations"] = tolerations
  }
}

/// `matchLabelKeys` and `mismatchLabelKeys`, which the API server turns into selectors.
enum LabelKeys {
  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  static func folded(_ pod: ObjectNode) -> ObjectNode {
    var pod = pod
    let labels = APIValue(pod)["metadata"]["labels"].texts
    for kind in ["podAffinity", "podAntiAffinity"] {
      pod["spec", "affinity", kind, required]?.editItems { _, term in fold(&term, labels) }
      pod["spec", "affinity", kind, preferred]?.editItems { _, weighted in
        guard var term = weighted["podAffinityTerm"], fold(&term, labels) else { return false }
        weighted["podAffinityTerm"] = term
        return true
      }
    }
    pod["spec", "topologySpreadConstraints"]?.editItems { _, constraint in fold(&constraint, labels)
    }
    return pod
  }

  private static func fold(_ term: inout ObjectNode, _ labels: [String: String]) -> Bool {
    let value = APIValue(term)
    guard value["labelSelector"].exists else { return false }
    var added: [ObjectNode] = []
    for (field, relation) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
      for key in value[field].strings {
        guard let label = labels[key] else { continue }
        added.append(["key": .text(key), "operator": .text(relation), "values": [.text(label)]])
      }
    }
    guard !added.isEmpty else { return false }
    var expressions = term["labelSelector", "matchExpressions"] ?? .sequence([])
    if expressions.isNull { expressions = .sequence([]) }
    expressions.append(contentsOf: added)
    term["labelSelector", "matchExpressions"] = expressions
    return true
  }
}
