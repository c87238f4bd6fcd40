import KubeVirt
import Objects

/// What the ResourceQuotas of a namespace say to an object that they count, whatever is in it (apiserver,
/// pkg/quota/v1/generic/evaluator.go; plugin/resourcequota).
package struct ObjectCount: Sendable {
  /// The quotas that count objects of the kind, in the order in which they are asked.
  private let quotas: [ObjectNode]
  private let resource: GroupResource

  /// - Parameter quotas: those of the namespace, with their names.
  /// - Returns: `nil` where none counts objects of that kind. Pods are ``QuotaAdmission``'s.
  package init?(of resource: GroupResource, by quotas: [ObjectNode]) {
    guard resource != GroupResource("pods") else { return nil }
    self.resource = resource
    self.quotas = quotas.filter { Self.isCounted(resource, by: $0) }
    guard !self.quotas.isEmpty else { return nil }
  }

  /// The kind that is counted under a name in a quota: `count/virtualmachines.kubevirt.io`, `configmaps`;
  /// `nil` of pods and of amounts.
  package static func resource(countedAs name: String) -> GroupResource? {
    if bare.contains(name) { return GroupResource(name) }
    guard name.hasPrefix(prefix), name != "count/pods" else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
    guard let resource = parts.first else { return nil }
    return GroupResource(String(resource), group: parts.count > 1 ? String(parts[1]) : "")
  }

  /// Whether a quota counts objects of a kind. One with scopes is about pods alone.
  package static func isCounted(_ resource: GroupResource, by quota: ObjectNode) -> Bool {
    let spec = APIValue(quota)["spec"]
    return spec["scopes"].strings.isEmpty && !spec["scopeSelector"].exists
      && spec["hard"].keys.contains { Self.resource(countedAs: $0) == resource }
  }

  /// Takes one more object in.
  ///
  /// - Parameters:
  ///   - name: the object's.
  ///   - count: how many there are.
  /// - Throws: ``Refusal`` in the API server's words.
  package func admit(_ name: String, beside count: Int) throws(Refusal) {
    guard let used = Quantity("\(count)"), let wanted = Quantity("\(count + 1)") else { return }
    for quota in quotas {
      let hard = QuotaAdmission.hard(of: quota)
      let exceeded = hard.keys.filter { key in
        guard Self.resource(countedAs: key) == resource, let limit = hard[key] else { return false }
        return limit < wanted
      }.sorted()
      guard exceeded.isEmpty else {
        func list(_ amount: (String) -> String) -> String {
          exceeded.map { "\($0)=\(amount($0))" }.joined(separator: ",")
        }
        throw Refusal(
          "\(resource) \(goQuoted(name)) is forbidden: exceeded quota:"
            + " \(APIValue(quota)["metadata"]["name"].string), requested: \(list { _ in "1" }),"
            + " used: \(list { _ in "\(used)" }), limited: \(list { "\(hard[$0] ?? used)" })")
      }
    }
  }

  private static let prefix = "count/"
  /// Kinds that quotas count by their bare names too.
  private static let bare: Set<String> = [
    "services", "secrets", "configmaps", "persistentvolumeclaims", "resourcequotas",
    "replicationcontrollers",
  ]
}
