import KubeVirt
import Objects

/// What the ResourceQuotas of a namespace say to a pod (apiserver, plugin/resourcequota; pkg/quota/v1/evaluator/core,
/// pods.go).
package struct QuotaAdmission: Sendable {
  /// The quotas, in the order in which they are asked.
  private let quotas: [ObjectNode]
  /// The pods that are there.
  private let pods: [ObjectNode]

  /// The admission of a namespace.
  ///
  /// - Parameters:
  ///   - quotas: its ResourceQuotas, with their names.
  ///   - pods: its pods.
  package init(_ quotas: [ObjectNode], pods: [ObjectNode]) {
    self.quotas = quotas
    self.pods = pods.filter(Self.counts)
  }

  /// Takes a pod in.
  ///
  /// - Throws: ``Refusal`` in the API server's words.
  package func admit(_ pod: ObjectNode) throws(Refusal) {
    let name = APIValue(pod)["metadata"]["name"].string
    let asked = Self.usage(of: pod)
    for quota in quotas where Self.matches(quota, pod) {
      let quotaName = APIValue(quota)["metadata"]["name"].string
      let hard = Self.hard(of: quota)
      if let missing = Self.missing(in: pod, for: Set(hard.keys)) {
        throw Refusal(
          "pods \(goQuoted(name)) is forbidden: failed quota: \(quotaName): must specify \(missing)"
        )
      }
      let used = used(by: quota)
      let exceeded = hard.keys.filter { resource in
        guard let amount = asked[resource], let limit = hard[resource] else { return false }
        return limit < (used[resource].map { $0 + amount } ?? amount)
      }.sorted()
      guard exceeded.isEmpty else {
        func list(_ amounts: [String: Quantity]) -> String {
          exceeded.map { "\($0)=\(amounts[$0] ?? Quantity(bytes: 0))" }.joined(separator: ",")
        }
        throw Refusal(
          "pods \(goQuoted(name)) is forbidden: exceeded quota: \(quotaName), requested:"
            + " \(list(asked)), used: \(list(used)), limited: \(list(hard))")
      }
    }
  }

  /// What pods use of a quota, by the resources that it limits.
  package func used(by quota: ObjectNode) -> [String: Quantity] {
    var used: [String: Quantity] = [:]
    for pod in pods where Self.matches(quota, pod) {
      used.merge(Self.usage(of: pod)) { $0 + $1 }
    }
    let hard = Self.hard(of: quota)
    return used.filter { hard[$0.key] != nil }
  }

  /// What a quota limits.
  package static func hard(of quota: ObjectNode) -> [String: Quantity] {
    var hard: [String: Quantity] = [:]
    let list = APIValue(quota)["spec"]["hard"]
    for name in list.keys { hard[name] = list[name].quantity }
    return hard
  }

  /// Whether a pod uses anything: one that has ended does not.
  private static func counts(_ pod: ObjectNode) -> Bool {
    !["Succeeded", "Failed"].contains(APIValue(pod)["status"]["phase"].string)
  }

  // MARK: - Amounts

  /// What a pod counts with, by the names of quotas.
  package static func usage(of pod: ObjectNode) -> [String: Quantity] {
    let one = Quantity("1") ?? Quantity(bytes: 1)
    var usage = ["pods": one, "count/pods": one]
    let spec = APIValue(pod)["spec"]
    for (name, amount) in total("requests", spec) {
      if ["cpu", "memory", "ephemeral-storage"].contains(name) || ResourceName.isHugePages(name) {
        usage[name] = amount
        usage["requests.\(name)"] = amount
      } else if name.contains("/") {
        usage["requests.\(name)"] = amount
      }
    }
    for (name, amount) in total("limits", spec)
    where ["cpu", "memory", "ephemeral-storage"].contains(name) {
      usage["limits.\(name)"] = amount
    }
    return usage
  }

  /// Containers and sidecars together, or the init container that needs most beside the sidecars before it
  /// (component-helpers, resource/helpers.go, PodRequests and PodLimits).
  private static func total(_ list: String, _ spec: APIValue) -> [String: Quantity] {
    func amounts(_ container: APIValue) -> [String: Quantity] {
      let list = container["resources"][list]
      return Dictionary(
        list.keys.compactMap { name in list[name].quantity.map { (name, $0) } }
      ) { first, _ in first }
    }
    var sum: [String: Quantity] = [:]
    var sidecars: [String: Quantity] = [:]
    var step: [String: Quantity] = [:]
    for container in spec["containers"].items { sum.merge(amounts(container)) { $0 + $1 } }
    for container in spec["initContainers"].items {
      var own = amounts(container)
      if container["restartPolicy"].string == "Always" {
        sum.merge(own) { $0 + $1 }
        sidecars.merge(own) { $0 + $1 }
        own = sidecars
      } else {
        own.merge(sidecars) { $0 + $1 }
      }
      step.merge(own) { $0 < $1 ? $1 : $0 }
    }
    sum.merge(step) { $0 < $1 ? $1 : $0 }
    let overhead = spec["overhead"]
    for name in overhead.keys {
      guard let amount = overhead[name].quantity else { continue }
      if list == "requests" || sum[name] != nil {
        sum[name] = sum[name].map { $0 + amount } ?? amount
      }
    }
    return sum
  }

  /// What each container has to say where a quota limits it.
  private static let enforced: Set = [
    "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
  ]

  /// What containers do not say, in the API server's words; `nil` when they say all.
  private static func missing(in pod: ObjectNode, for hard: Set<String>) -> String? {
    let spec = APIValue(pod)["spec"]
    var missing: [String: Set<String>] = [:]
    for container in spec["containers"].items + spec["initContainers"].items {
      let resources = container["resources"]
      var said = Set(resources["limits"].keys.map { "limits.\($0)" })
      for name in resources["requests"].keys { said.formUnion([name, "requests.\(name)"]) }
      for resource in hard.intersection(enforced).subtracting(said) {
        missing[resource, default: []].insert(container["name"].string)
      }
    }
    guard !missing.isEmpty else { return nil }
    return missing.sorted { $0.key < $1.key }
      .map { "\($0.key) for: \($0.value.sorted().joined(separator: ","))" }.joined(separator: "; ")
  }

  // MARK: - Scopes

  /// Whether a quota is about a pod (podMatchesScopeFunc).
  package static func matches(_ quota: ObjectNode, _ pod: ObjectNode) -> Bool {
    let spec = APIValue(quota)["spec"]
    return spec["scopes"].strings.allSatisfy { isIn($0, "Exists", [], pod) }
      && spec["scopeSelector"]["matchExpressions"].items.allSatisfy {
        isIn($0["scopeName"].string, $0["operator"].string, $0["values"].strings, pod)
      }
  }

  private static func isIn(
    _ scope: String, _ relation: String, _ values: [String], _ pod: ObjectNode
  ) -> Bool {
    let spec = APIValue(pod)["spec"]
    switch scope {
    case "Terminating": return spec["activeDeadlineSeconds"].exists
    case "NotTerminating": return !spec["activeDeadlineSeconds"].exists
    case "BestEffort": return isBestEffort(spec)
    case "NotBestEffort": return !isBestEffort(spec)
    case "PriorityClass":
      let name = spec["priorityClassName"].string
      switch relation {
      case "In": return values.contains(name)
      case "NotIn": return !values.contains(name)
      case "DoesNotExist": return name.isEmpty
      default: return !name.isEmpty
      }
    case "CrossNamespacePodAffinity":
      return ["podAffinity", "podAntiAffinity"].contains { kind in
        let affinity = spec["affinity"][kind]
        let terms =
          affinity["requiredDuringSchedulingIgnoredDuringExecution"].items
          + affinity["preferredDuringSchedulingIgnoredDuringExecution"].items.map {
            $0["podAffinityTerm"]
          }
        return terms.contains {
          !$0["namespaces"].strings.isEmpty || $0["namespaceSelector"].exists
        }
      }
    default: return false
    }
  }

  private static func isBestEffort(_ spec: APIValue) -> Bool {
    (spec["containers"].items + spec["initContainers"].items).allSatisfy { container in
      ["requests", "limits"].allSatisfy { list in
        ["cpu", "memory"].allSatisfy { name in
          (container["resources"][list][name].quantity?.nanos ?? 0) == 0
        }
      }
    }
  }
}
