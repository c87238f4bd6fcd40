import Objects
import Store

/// The kinds that clients make with CustomResourceDefinitions: their names are taken or refused, they are
/// served while their definitions are there, and their objects go with these (apiextensions-apiserver,
/// pkg/controller).
actor CustomResourceDefinitions {
  /// The kind of the definitions themselves.
  static let id = GroupResource("customresourcedefinitions", group: "apiextensions.k8s.io")
  /// What keeps a definition until its objects are gone.
  static let finalizer = "customresourcecleanup.apiextensions.k8s.io"

  private let store: Store
  private let definitions: ResourceDefinitions

  init(store: Store, definitions: ResourceDefinitions) {
    self.store = store
    self.definitions = definitions
  }

  /// Has the kinds served that the definitions in the store ask for, and no others that clients made.
  func refresh() async throws(StoreError) {
    let all = await store.list(Self.id).items.map { CustomResource($0.object.tree) }
      .sorted { $0.seniority < $1.seniority }
    var accepted: [CustomResource] = []
    for resource in all where !resource.isTerminating || resource.isEstablished {
      let objection = resource.objection(from: accepted)
      if objection == nil { accepted.append(resource) }
      let status = resource.status(objection)
      guard status != resource.tree["status"], !resource.isTerminating else { continue }
      var tree = resource.tree
      tree["status"] = status
      try await ignoringRaces { () async throws(StoreError) in
        try await store.updateStatus(resource.key, tree)
      }
    }
    definitions.replaceCustom(accepted.map(\.definition))
    for resource in all where resource.isTerminating { try await remove(resource) }
  }

  /// Removes the objects of a kind whose definition goes, and then the definition.
  private func remove(_ resource: CustomResource) async throws(StoreError) {
    if definitions.isCustom(resource.id) {
      for item in await store.list(resource.id).items where !item.object.isBeingDeleted {
        try await ignoringRaces { () async throws(StoreError) in
          try await store.delete(item.key, propagation: .background)
        }
      }
      // Those with finalizers stay until somebody takes these away.
      guard await store.list(resource.id).items.isEmpty else { return }
    }
    guard var tree = await store.get(resource.key)?.tree else { return }
    let left = (tree["metadata", "finalizers"]?.items ?? []).filter {
      $0.string != Self.finalizer
    }
    tree["metadata", "finalizers"] = left.isEmpty ? nil : .sequence(left)
    let released = tree
    try await ignoringRaces { () async throws(StoreError) in
      try await store.update(resource.key, released, status: .apart)
    }
    if left.isEmpty { definitions.removeCustom(resource.id) }
  }

  /// Somebody else's change is looked at in the next pass, which that change brings.
  private func ignoringRaces(
    _ write: () async throws(StoreError) -> StoredObject
  ) async throws(StoreError) {
    do throws(StoreError) {
      _ = try await write()
    } catch .conflict, .notFound {
      return
    }
  }
}

extension CustomResource {
  var key: ObjectKey { ObjectKey(CustomResourceDefinitions.id, namespace: "", name: name) }

  /// The older one keeps its names.
  fileprivate var seniority: (Int, String, String) {
    (isEstablished ? 0 : 1, tree["metadata", "creationTimestamp"]?.string ?? "", name)
  }

  fileprivate var isEstablished: Bool {
    (tree["status", "conditions"]?.items ?? []).contains {
      $0["type"]?.string == "Established" && $0["status"]?.string == "True"
    }
  }

  /// Why the names are not taken: others of the group have them.
  fileprivate func objection(from others: [CustomResource]) -> (reason: String, message: String)? {
    let others = others.filter { $0.id.group == id.group && $0.id != id }.map(\.names)
    let resources = Set(others.flatMap { [$0.plural, $0.singular] + $0.shortNames })
    let kinds = Set(others.flatMap { [$0.kind, $0.listKind] })
    let checks: [(String, [String], Set<String>)] = [
      ("PluralConflict", [names.plural], resources),
      ("SingularConflict", [names.singular], resources),
      ("ShortNamesConflict", names.shortNames, resources),
      ("KindConflict", [names.kind], kinds), ("ListKindConflict", [names.listKind], kinds),
    ]
    for (reason, own, taken) in checks {
      guard let name = own.first(where: taken.contains) else { continue }
      return (reason, "\"\(name)\" is already in use")
    }
    return nil
  }

  /// The definition's status.
  fileprivate func status(_ objection: (reason: String, message: String)?) -> ObjectNode {
    let old = tree["status", "conditions"]?.items ?? []
    func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String)
      -> ObjectNode
    {
      let status: ObjectNode = isTrue ? "True" : "False"
      let same = old.first { $0["type"]?.string == type && $0["status"] == status }
      return [
        "type": .text(type), "status": status,
        "lastTransitionTime": same?["lastTransitionTime"]
          ?? .text(WriteMoment.system.timestamp),
        "reason": .text(reason), "message": .text(message),
      ]
    }
    var status = tree["status"]?.isMapping == true ? tree["status"] ?? [:] : [:]
    if let objection {
      status["conditions"] = [
        condition("NamesAccepted", false, objection.reason, objection.message),
        condition("Established", false, "NotAccepted", "not all names are accepted"),
      ]
    } else {
      status["conditions"] = [
        condition("NamesAccepted", true, "NoConflicts", "no conflicts found"),
        condition(
          "Established", true, "InitialNamesAccepted", "the initial names have been accepted"),
      ]
      status["acceptedNames"] = names.tree
    }
    var stored = (status["storedVersions"]?.items ?? [])
    for version in versions where version.isStored && !stored.contains(.text(version.name)) {
      stored.append(.text(version.name))
    }
    status["storedVersions"] = .sequence(stored)
    return status
  }
}
