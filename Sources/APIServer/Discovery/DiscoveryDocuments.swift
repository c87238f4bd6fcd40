import Objects

extension ServedResources {
  /// The answer to `/api` (apimachinery, meta/v1, APIVersions).
  var coreVersions: ObjectNode {
    [
      "kind": "APIVersions",
      "versions": .sequence(group("")?.versions.map { .text($0.name) } ?? []),
      "serverAddressByClientCIDRs": [],
    ]
  }

  /// The answer to `/apis` (apimachinery, meta/v1, APIGroupList).
  var groupList: ObjectNode {
    [
      "kind": "APIGroupList", "apiVersion": "v1",
      "groups": .sequence(groups.filter { !$0.name.isEmpty }.map(\.tree)),
    ]
  }

  /// The answer to `/apis/GROUP` (apimachinery, meta/v1, APIGroup); `nil` for a group that is not
  /// served.
  func groupDocument(_ name: String) -> ObjectNode? {
    guard !name.isEmpty, var tree = group(name)?.tree else { return nil }
    tree["kind"] = "APIGroup"
    tree["apiVersion"] = "v1"
    return tree
  }

  /// The answer to `/apis/GROUP/VERSION` (apimachinery, meta/v1, APIResourceList); `nil` for one that
  /// is not served.
  func resourceList(_ groupName: String, _ version: String) -> ObjectNode? {
    guard let group = group(groupName),
      let served = group.versions.first(where: { $0.name == version })
    else { return nil }
    return [
      "kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": .text(group.apiVersion(served)),
      "resources": .sequence(served.resources.flatMap(\.listEntries)),
    ]
  }

  /// The answer to `/api` and `/apis` for clients that ask for all at once (k8s.io/api,
  /// apidiscovery/v2, APIGroupDiscoveryList).
  ///
  /// - Parameter core: whether it is that of `/api`, the core group.
  func aggregated(core: Bool) -> ObjectNode {
    let items = groups.filter { $0.name.isEmpty == core }.map { group -> ObjectNode in
      [
        "metadata": group.name.isEmpty ? [:] : ["name": .text(group.name)],
        "versions": .sequence(
          group.versions.map { version in
            [
              "version": .text(version.name), "freshness": "Current",
              "resources": .sequence(
                version.resources.map { $0.aggregated(group.name, version.name) }),
            ]
          }),
      ]
    }
    return [
      "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
      "items": .sequence(items),
    ]
  }
}

extension ServedResources.Group {
  fileprivate var tree: ObjectNode {
    let versions = versions.map { version -> ObjectNode in
      ["groupVersion": .text(apiVersion(version)), "version": .text(version.name)]
    }
    return [
      "name": .text(name), "versions": .sequence(versions),
      "preferredVersion": versions.first ?? [:],
    ]
  }
}

extension ServedResources.Resource {
  /// The kind itself, and its subresources as entries of their own.
  fileprivate var listEntries: [ObjectNode] {
    var entries: [ObjectNode] = []
    if !verbs.isEmpty {
      var entry: ObjectNode = [
        "name": .text(resource.id.resource), "singularName": .text(resource.singular),
        "namespaced": .boolean(resource.isNamespaced), "kind": .text(resource.kind),
        "verbs": .sequence(verbs.map { .text($0) }),
      ]
      entry.setNames("shortNames", resource.shortNames)
      entry.setNames("categories", resource.categories)
      entries.append(entry)
    }
    return entries
      + subresources.map { subresource in
        var entry: ObjectNode = [
          "name": .text("\(resource.id.resource)/\(subresource.name)"), "singularName": "",
          "namespaced": .boolean(resource.isNamespaced),
          "kind": .text(subresource.kind?.kind ?? resource.kind),
          "verbs": .sequence(subresource.verbs.map { .text($0) }),
        ]
        if let kind = subresource.kind {
          entry["group"] = .text(kind.group)
          entry["version"] = .text(kind.version)
        }
        return entry
      }
  }

  fileprivate func aggregated(_ group: String, _ version: String) -> ObjectNode {
    let responseKind: ObjectNode = [
      "group": .text(isKindShort ? "" : group), "version": .text(isKindShort ? "" : version),
      "kind": .text(resource.kind),
    ]
    var tree: ObjectNode = [
      "resource": .text(resource.id.resource),
      "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
      "singularResource": .text(resource.singular),
      "verbs": .sequence(verbs.map { .text($0) }),
    ]
    // Of a kind with nothing but subresources here, clients would take the names for another's.
    if !verbs.isEmpty {
      tree["responseKind"] = responseKind
      tree.setNames("shortNames", resource.shortNames)
      tree.setNames("categories", resource.categories)
    }
    if !subresources.isEmpty {
      tree["subresources"] = .sequence(
        subresources.map { subresource in
          [
            "subresource": .text(subresource.name),
            "responseKind": subresource.kind?.tree ?? responseKind,
            "verbs": .sequence(subresource.verbs.map { .text($0) }),
          ]
        })
    }
    return tree
  }
}

extension GroupVersionKind {
  var tree: ObjectNode {
    ["group": .text(group), "version": .text(version), "kind": .text(kind)]
  }
}

extension ObjectNode {
  fileprivate mutating func setNames(_ field: String, _ names: [String]) {
    guard !names.isEmpty else { return }
    self[field] = .sequence(names.map { .text($0) })
  }
}
