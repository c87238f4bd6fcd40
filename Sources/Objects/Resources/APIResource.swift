/// A kind of object as the API serves it: how its paths, its bodies and people's words for it are
/// spelled.
package struct APIResource: Hashable, Sendable {
  /// The group and the plural name.
  package var id: GroupResource
  /// The versions that are served, the preferred one first.
  package var versions: [String]
  /// The version that objects are stored in.
  package var storageVersion: String
  /// The kind: `VirtualMachine`.
  package var kind: String
  /// The kind of a list of them: `VirtualMachineList`.
  package var listKind: String
  /// The name for one object: `virtualmachine`.
  package var singular: String
  /// Other names: `vm`.
  package var shortNames: [String]
  /// Words for several kinds together, which it is one of: `all`.
  package var categories: [String]
  /// Whether its objects are in namespaces.
  package var isNamespaced: Bool
  /// Whether the status has a path of its own, `/status`, and writes to the object leave it alone.
  package var hasStatus: Bool

  /// A kind of object.
  ///
  /// - Parameters:
  ///   - stored: the version that objects are stored in; the preferred one by default.
  ///   - singular: the kind in lower case by default.
  ///   - listKind: the kind with `List` behind it by default.
  package init(
    _ id: GroupResource, versions: [String] = ["v1"], stored: String? = nil, kind: String,
    singular: String? = nil, shortNames: [String] = [], categories: [String] = [],
    isNamespaced: Bool = true, hasStatus: Bool = false, listKind: String? = nil
  ) {
    self.id = id
    self.versions = versions
    storageVersion = stored ?? versions.first ?? "v1"
    self.listKind = listKind ?? "\(kind)List"
    self.kind = kind
    self.singular = singular ?? kind.lowercased()
    self.shortNames = shortNames
    self.categories = categories
    self.isNamespaced = isNamespaced
    self.hasStatus = hasStatus
  }

  /// The field apiVersion of a version: `kubevirt.io/v1`, `v1` of the core group.
  package func apiVersion(_ version: String) -> String {
    id.group.isEmpty ? version : "\(id.group)/\(version)"
  }

  /// The path of an object or, without a name, of a collection.
  ///
  /// - Parameters:
  ///   - namespace: empty is all namespaces, or the whole cluster.
  ///   - version: the one that objects are stored in by default.
  package func path(namespace: String, name: String = "", version: String? = nil) -> String {
    let version = version ?? storageVersion
    var path = id.group.isEmpty ? "/api/\(version)" : "/apis/\(id.group)/\(version)"
    if isNamespaced, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
    path += "/\(id.resource)"
    return name.isEmpty ? path : "\(path)/\(name)"
  }
}
