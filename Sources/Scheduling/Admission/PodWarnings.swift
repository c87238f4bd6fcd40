import KubeVirt
import Objects

/// What the API server warns of in a pod that it takes (pkg/api/pod/warnings.go).
struct PodWarnings {
  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
  private static let nullSelector = "a null labelSelector results in matching no pod"

  private let spec: APIValue

  init(_ pod: ObjectNode) { spec = APIValue(pod)["spec"] }

  func texts() -> [String] {
    var texts: [String] = []
    for key in spec["nodeSelector"].keys {
      if let message = Self.deprecation(of: key) {
        texts.append("spec.nodeSelector[\(key)]: \(message)")
      }
    }
    texts += nodeAffinity()
    for (index, constraint) in spec["topologySpreadConstraints"].items.enumerated() {
      let path = "spec.topologySpreadConstraints[\(index)]"
      let key = constraint["topologyKey"].string
      if let message = Self.deprecation(of: key) {
        texts.append("\(path).topologyKey: \(key) is \(message)")
      }
      if !constraint["labelSelector"].exists {
        texts.append("\(path).labelSelector: \(Self.nullSelector)")
      }
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
      let path = "spec.affinity.\(kind)"
      let affinity = spec["affinity"][kind]
      for (index, term) in affinity[Self.required].items.enumerated()
      where !term["labelSelector"].exists {
        texts.append("\(path).\(Self.required)[\(index)].labelSelector: \(Self.nullSelector)")
      }
      for (index, weighted) in affinity[Self.preferred].items.enumerated()
      where !weighted["podAffinityTerm"]["labelSelector"].exists {
        texts.append(
          "\(path).\(Self.preferred)[\(index)].podAffinityTerm.labelSelector: \(Self.nullSelector)")
      }
    }
    return texts + fractions()
  }

  private func nodeAffinity() -> [String] {
    let affinity = spec["affinity"]["nodeAffinity"]
    let path = "spec.affinity.nodeAffinity"
    let terms = affinity[Self.required]["nodeSelectorTerms"].items
    var texts = terms.enumerated().flatMap { index, term in
      Self.term(term, "\(path).\(Self.required).nodeSelectorTerms[\(index)]", checksValues: false)
    }
    for (index, weighted) in affinity[Self.preferred].items.enumerated() {
      texts += Self.term(
        weighted["preference"], "\(path).\(Self.preferred)[\(index)].preference",
        checksValues: true)
    }
    return texts
  }

  private static func term(_ term: APIValue, _ path: String, checksValues: Bool) -> [String] {
    var texts: [String] = []
    for (index, item) in term["matchExpressions"].items.enumerated() {
      let path = "\(path).matchExpressions[\(index)]"
      let key = item["key"].string
      if let message = deprecation(of: key) { texts.append("\(path).key: \(key) is \(message)") }
      guard checksValues else { continue }
      for (index, value) in item["values"].strings.enumerated() {
        texts += LabelValue.objections(value).map {
          "\(path).values[\(index)]: \(value) is invalid, \($0)"
        }
      }
    }
    return texts
  }

  private func fractions() -> [String] {
    var texts: [String] = []
    for list in ["initContainers", "containers"] {
      for (index, container) in spec[list].items.enumerated() {
        for field in ["limits", "requests"] {
          for name in ["memory", "ephemeral-storage"] {
            guard let quantity = container["resources"][field][name].quantity,
              quantity.nanos % 1_000_000_000 != 0
            else { continue }
            texts.append(
              "spec.\(list)[\(index)].resources.\(field)[\(name)]: fractional byte value"
                + " \(goQuoted(quantity.description)) is invalid, must be an integer")
          }
        }
      }
    }
    return texts
  }

  private static func deprecation(of label: String) -> String? {
    let known: [String: (since: String, instead: String)] = [
      "beta.kubernetes.io/arch": ("v1.14", "kubernetes.io/arch"),
      "beta.kubernetes.io/os": ("v1.14", "kubernetes.io/os"),
      "failure-domain.beta.kubernetes.io/region": ("v1.17", "topology.kubernetes.io/region"),
      "failure-domain.beta.kubernetes.io/zone": ("v1.17", "topology.kubernetes.io/zone"),
      "beta.kubernetes.io/instance-type": ("v1.17", "node.kubernetes.io/instance-type"),
    ]
    return known[label].map { "deprecated since \($0.since); use \(goQuoted($0.instead)) instead" }
  }
}
