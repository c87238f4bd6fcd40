import Objects

/// The kinds that a server serves, as discovery tells of them: by group and version.
struct ServedResources: Sendable {
  /// A kind in a version of its group.
  struct Resource: Sendable {
    /// How it is spelled.
    let resource: APIResource
    /// What clients may do with its objects.
    let verbs: [String]
    /// What has a path below an object's own, with its verbs, by name.
    let subresources: [(name: String, verbs: [String])]
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

  /// - Parameter subresources: methods by kind and name of what was registered.
  init(
    _ definitions: [ResourceDefinition], subresources: [GroupResource: [String: Set<String>]]
  ) {
    var kinds: [String: [Resource]] = [:]
    for definition in definitions {
      let resource = definition.resource
      kinds[resource.id.group, default: []].append(
        Resource(
          resource: resource, verbs: definition.isReview ? ["create"] : Self.storedVerbs,
          subresources: Self.subresources(of: resource, subresources[resource.id] ?? [:])))
    }
    // Groups of which only subresources are served (subresources.kubevirt.io).
    for (id, registered) in subresources where kinds[id.group]?.isEmpty ?? true {
      let owner = definitions.first { $0.resource.id.resource == id.resource }?.resource
      guard var resource = owner else { continue }
      resource.id = id
      resource.versions = ["v1"]
      resource.hasStatus = false
      kinds[id.group, default: []] = kinds[id.group, default: []]
      kinds[id.group]?.append(
        Resource(
          resource: resource, verbs: [],
          subresources: Self.subresources(of: resource, registered)))
    }
    groups = kinds.map { name, kinds in
      let sorted = kinds.sorted { $0.resource.id < $1.resource.id }
      var versions: [String] = []
      for kind in sorted {
        for version in kind.resource.versions where !versions.contains(version) {
          versions.append(version)
        }
      }
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
    of resource: APIResource, _ registered: [String: Set<String>]
  ) -> [(name: String, verbs: [String])] {
    var all = registered.map { name, methods in
      (name: name, verbs: methods.compactMap { verbs[$0] }.sorted())
    }
    if resource.hasStatus { all.append((name: "status", verbs: ["get", "patch", "update"])) }
    return all.sorted { $0.name < $1.name }
  }

  private static let verbs = [
    "GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete",
  ]
}
