import KubeVirt
import Objects

/// A ResourceQuota: what the machines of a namespace may ask for together.
struct ResourceQuota: Sendable {
  var name: String
  var namespace: String
  /// `spec.hard`, by resource.
  var hard: [String: Quantity]

  /// The scopes that the pod of a machine is in (Kubernetes, "Resource Quotas"): it has no deadline
  /// and asks for memory.
  private static let scopesOfMachines: Set<String> = ["NotTerminating", "NotBestEffort"]

  /// The quota's identity.
  var key: ObjectKey { ObjectKey(.resourceQuotas, namespace: namespace, name: name) }

  static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "ResourceQuota" && document.apiVersion == "v1"
  }

  /// Decodes a ResourceQuota; one whose scopes no machine is in limits nothing, and is warned of.
  ///
  /// - Returns: `nil` only for another kind of document.
  init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document) else { return nil }
    name = document.name
    namespace = document.namespace
    hard = [:]
    let spec = document.fields(log)["spec"]
    for (resource, field) in spec["hard"].entries {
      guard let amount = field.amount else { continue }
      if amount.nanos < 0 { field.error("Invalid value: must be greater than or equal to 0") }
      hard[resource] = amount
    }
    let scopes = spec["scopes"]
    let others = scopes.items.compactMap(\.string).filter { !Self.scopesOfMachines.contains($0) }
    if !others.isEmpty {
      scopes.warning(
        "no machine of these manifests is in the scope \(others.joined(separator: ", ")), so the"
          + " quota limits none of them")
      hard = [:]
    } else if spec["scopeSelector"].exists {
      spec["scopeSelector"].warning(
        "scope selectors are not evaluated, so the quota limits no machine of these manifests")
      hard = [:]
    }
  }

  /// Whether limits on a resource are part of the quota.
  func limits(_ resource: String) -> Bool { hard["limits.\(resource)"] != nil }
}
