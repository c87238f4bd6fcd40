/// The kinds that an API serves.
package struct APIResources: Sendable {
  private var byID: [GroupResource: APIResource] = [:]

  /// A set of kinds; of two with the same group and name the last counts.
  package init(_ all: [APIResource]) {
    for resource in all { byID[resource.id] = resource }
  }

  /// All of them, by group and name.
  package var all: [APIResource] { byID.values.sorted { $0.id < $1.id } }

  /// The kind with a group and a plural name. Setting adds or replaces it; `nil` takes it away.
  package subscript(id: GroupResource) -> APIResource? {
    get { byID[id] }
    set { byID[id] = newValue }
  }

  /// The kind that an object says it is of.
  package func resource(apiVersion: String, kind: String) -> APIResource? {
    let group = APIVersion.group(of: apiVersion)
    return byID.values.first { $0.id.group == group && $0.kind == kind }
  }

  /// The kind that an object is of; `nil` when it is none of these.
  package func resource(of tree: ObjectNode) -> APIResource? {
    resource(apiVersion: tree["apiVersion"]?.string ?? "", kind: tree["kind"]?.string ?? "")
  }

  /// The identity that an object says it has.
  ///
  /// - Parameter namespace: that of an object which names none.
  package func key(
    of tree: ObjectNode, in namespace: String = ObjectKey.defaultNamespace
  ) -> ObjectKey? {
    guard let resource = resource(of: tree) else { return nil }
    let written = tree["metadata", "namespace"]?.string ?? ""
    return ObjectKey(
      resource.id,
      namespace: resource.isNamespaced ? (written.isEmpty ? namespace : written) : "",
      name: tree["metadata", "name"]?.string ?? "")
  }
}
