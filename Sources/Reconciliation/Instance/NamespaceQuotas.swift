import KubeVirt
import Objects
import Scheduling

/// The ResourceQuotas of a namespace, as the API server has them at one time.
struct NamespaceQuotas {
  private let quotas: [(key: ObjectKey, object: ObjectNode)]
  private let admission: QuotaAdmission

  init(_ namespace: String, in snapshot: any Snapshot) {
    quotas = snapshot.objects(of: .resourceQuotas, namespace: namespace)
      .sorted { $0.key < $1.key }
    // Of namespaces without quotas nothing is counted.
    let pods = quotas.isEmpty ? [] : snapshot.objects(of: .pods, namespace: namespace)
    admission = QuotaAdmission(
      quotas.map { key, quota in
        var quota = quota
        quota["metadata", "name"] = .text(key.name)
        return quota
      }, pods: pods.map(\.object))
  }

  /// Takes a pod in.
  ///
  /// - Returns: the quotas with what they have less of; written before the pod, they are refused when
  ///   another pod was faster.
  /// - Throws: `Refusal` in the API server's words.
  func admit(_ pod: ObjectNode) throws(Refusal) -> [Change] {
    try admission.admit(pod)
    let usage = QuotaAdmission.usage(of: pod)
    return quotas.filter { QuotaAdmission.matches($0.object, pod) }.map { key, quota in
      var used = admission.used(by: quota)
      for name in QuotaAdmission.hard(of: quota).keys {
        used[name] = [used[name], usage[name]].compactMap { $0 }.reduce(nil) { sum, amount in
          sum.map { $0 + amount } ?? amount
        }
      }
      return .updateStatus(key, Self.counted(quota, used) { _ in nil })
    }
  }

  /// A memory limit that KubeVirt gives to a pod without one where a quota limits memory: twice what it
  /// requests (pkg/virt-controller/services/renderresources.go, WithAutoMemoryLimits).
  func limited(_ pod: ObjectNode) -> ObjectNode {
    let hasLimit = quotas.contains { $0.object["spec", "hard", "limits.memory"] != nil }
    guard hasLimit else { return pod }
    var pod = pod
    var containers = pod["spec", "containers"] ?? .sequence([])
    containers.editItems { _, container in
      guard container["name"] == "compute",
        container["resources", "limits", "memory"] == nil,
        let text = container["resources", "requests", "memory"]?.scalar?.text,
        let request = Quantity(text)
      else { return false }
      container["resources", "limits", "memory"] = .text("\(request + request)")
      return true
    }
    pod["spec", "containers"] = containers
    return pod
  }

  /// A quota with what is used of it.
  ///
  /// - Parameter count: how many objects of another kind there are; `nil` keeps what was counted.
  static func counted(
    _ quota: ObjectNode, _ used: [String: Quantity], _ count: (GroupResource) -> Int?
  ) -> ObjectNode {
    var counted = quota
    let hard = quota["spec", "hard"] ?? .mapping()
    var amounts = ObjectNode.mapping()
    for entry in hard.entries {
      let before = quota["status", "used", entry.key] ?? "0"
      if let amount = used[entry.key] {
        amounts[entry.key] = .text("\(amount)")
      } else if let resource = ObjectCount.resource(countedAs: entry.key) {
        amounts[entry.key] = count(resource).map { .text("\($0)") } ?? before
      } else {
        amounts[entry.key] = "0"
      }
    }
    counted["status", "hard"] = hard
    counted["status", "used"] = amounts
    return counted
  }
}

/// Says in a ResourceQuota's status what is used of it (kube-controller-manager, pkg/controller/resourcequota).
package struct QuotaReconciler: Reconciler {
  /// The controller's name.
  package let name = "resourcequota-controller"

  /// A controller.
  package init() {}

  /// A quota's own key; the keys of those of its namespace that count an object when it changes there.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .resourceQuotas: [key]
    case .pods:
      snapshot.objects(of: .resourceQuotas, namespace: key.namespace).map(\.key)
    default:
      snapshot.objects(of: .resourceQuotas, namespace: key.namespace)
        .filter { ObjectCount.isCounted(key.resource, by: $0.object) }.map(\.key)
    }
  }

  /// Writes the quota's status.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let quota = snapshot.object(key), !quota.isBeingDeleted else { return Outcome() }
    let pods = snapshot.objects(of: .pods, namespace: key.namespace).map(\.object)
    let used = QuotaAdmission([], pods: pods).used(by: quota)
    let counted = NamespaceQuotas.counted(quota, used) { resource in
      snapshot.objects(of: resource, namespace: key.namespace).count
    }
    return counted == quota ? Outcome() : Outcome([.updateStatus(key, counted)])
  }
}
