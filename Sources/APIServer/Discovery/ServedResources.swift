import Objects

/// The kinds that a server serves, as discovery tells of them: by group and version.
struct ServedResources: Sendable {
  /// A kind in a version of its group.
  struct Resource: Sendable {
    /// How it is spelled.
    let resource: APIResource
    /// What clients may do with its objects.
    let verbs: [String]
    /// What has a path below an object's own, by name.
    let subresources: [Subresource]
    /// What is known of its fields (OpenAPI 3.0, Schema Object), where a definition says it.
    var schemas: [String: ObjectNode] = [:]
    /// Whether the answer of all groups at once leaves out of which group and version its objects are, since
    /// that is said above, as an API server does with kinds of its own.
    var isKindShort = false
  }

  /// What has a path below an object's own.
  struct Subresource: Sendable {
    let name: String
    let verbs: [String]
    /// What is sent there, where it is not the kind itself.
    let kind: GroupVersionKind?
  }

  /// What was registered of a subresource.
  struct Registered: Sendable {
    var methods: Set<String> = []
    var versions: Set<String> = []
    var kind: GroupVersionKind?
  }

  /// A version of a group.
  struct Version: Sendable {
    let name: String
    let resources: [Resource]
  }

  /// An API group; the core group has no name.
  struct Group: Sendable {
    let name: String
    /// The preferred version first.
    let versions: [Version]

    func apiVersion(_ version: Version) -> String {
      name.isEmpty ? version.name : "\(name)/\(version.name)"
    }
  }

  /// What clients may do with objects that are stored.
  static let storedVerbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  /// All groups, the core group first: a bare name is the first group's that has it.
  let groups: [Group]

  /// - Parameter subresources: what was registered, by resource and name.
  init(
    _ definitions: [ResourceDefinition], subresources: [GroupResource: [String: Registered]]
  ) {
    var kinds: [String: [Resource]] = [:]
    for definition in definitions {
      let resource = definition.resource
      kinds[resource.id.group, default: []].append(
        Resource(
          resource: resource, verbs: definition.verbs,
          subresources: Self.subresources(
            of: resource, isScaled: definition.scale != nil, subresources[resource.id] ?? [:]),
          schemas: definition.schemas,
          isKindShort: definition.isTyped && !resource.id.group.isEmpty))
    }
    // Groups of which only subresources are served (subresources.kubevirt.io).
    let groupsWithKinds = Set(kinds.keys)
    for (id, registered) in subresources where !groupsWithKinds.contains(id.group) {
      let owner = definitions.first { $0.resource.id.resource == id.resource }?.resource
      guard var resource = owner else { continue }
      resource.id = id
      resource.versions = registered.values.reduce(into: Set()) { $0.formUnion($1.versions) }
        .sorted()
      resource.hasStatus = false
      kinds[id.group, default: []].append(
        Resource(
          resource: resource, verbs: [],
          subresources: Self.subresources(of: resource, isScaled: false, registered)))
    }
    let custom = definitions.filter(\.isCustom).map(\.resource.id)
    groups = kinds.map { name, kinds in
      let sorted = kinds.sorted { $0.resource.id < $1.resource.id }
      // The server's own kinds have theirs in the order in which they are preferred; those of clients are
      // preferred by their names.
      let clients = Set(custom.filter { $0.group == name })
      var versions: [String] = []
      for kind in sorted where !clients.contains(kind.resource.id) {
        for version in kind.resource.versions where !versions.contains(version) {
          versions.append(version)
        }
      }
      let others = Set(sorted.flatMap(\.resource.versions)).subtracting(versions)
      versions += others.sorted { APIVersionPriority($0) < APIVersionPriority($1) }
      return Group(
        name: name,
        versions: versions.map { version in
          Version(
            name: version, resources: sorted.filter { $0.resource.versions.contains(version) })
        })
    }.sorted { $0.name < $1.name }
  }

  /// The group of a name.
  func group(_ name: String) -> Group? { groups.first { $0.name == name } }

  private static func subresources(
    of resource: APIResource, isScaled: Bool, _ registered: [String: Registered]
  ) -> [Subresource] {
    var all = registered.map { name, registered in
      Subresource(
        name: name, verbs: registered.methods.compactMap { verbs[$0] }.sorted(),
        kind: registered.kind)
    }
    if resource.hasStatus {
      all.append(Subresource(name: "status", verbs: ["get", "patch", "update"], kind: nil))
    }
    if isScaled {
      all.append(
        Subresource(
          name: "scale", verbs: ["get", "patch", "update"],
          kind: GroupVersionKind("Scale", group: "autoscaling", version: "v1")))
    }
    return all.sorted { $0.name < $1.name }
  }

  private static let verbs = [
    "GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete",
  ]
}

/// A kind of object in a version of its group.
package struct GroupVersionKind: Sendable, Equatable {
  /// The group; empty for the core group.
  package var group: String
  /// The version.
  package var version: String
  /// The kind.
  package var kind: String

  /// A kind.
  package init(_ kind: String, group: String, version: String) {
    self.group = group
    self.version = version
    self.kind = kind
  }
}
