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
  /// A kind, and what it was made from.
  private struct Made {
    var generation: Int
    let names: CustomResource.Names
    let spec: ObjectNode?
    let definition: ResourceDefinition
  }

  /// The kinds as they were made last, by the definition's UID: schemas and patterns are read once.
  private var made: [String: Made] = [:]
  /// The states that definitions have had.
  private var states = 0
  /// Why definitions could not be carried out in the last pass.
  private var failures: [String] = []
  /// The revision that the last pass has looked at.
  private var revision = 0
  private var isPassing = false
  /// Those who wait for a pass that begins after they have asked; the one that is told `true` makes it.
  private var waiting: [CheckedContinuation<Bool, Never>] = []

  init(store: Store, definitions: ResourceDefinitions) {
    self.store = store
    self.definitions = definitions
  }

  /// Has the kinds served that the definitions in the store ask for, and no others that clients made. One
  /// pass at a time: who asks during one waits for the next, with all others who do.
  ///
  /// - Returns: why some definitions are not carried out, a sentence each.
  @discardableResult
  func refresh() async -> [String] {
    if isPassing {
      let leads = await withCheckedContinuation { waiting.append($0) }
      guard leads else { return failures }
    }
    isPassing = true
    let followers = waiting
    waiting = []
    failures = []
    // A definition that goes leaves names to others.
    while await pass() {}
    for follower in followers { follower.resume(returning: false) }
    if waiting.isEmpty {
      isPassing = false
    } else {
      waiting.removeFirst().resume(returning: true)
    }
    return failures
  }

  /// Has what others than clients change in the store followed by a pass: objects go with their owners
  /// too. Returns when the task is cancelled or the store closed.
  func follow() async {
    while !Task.isCancelled {
      do throws(StoreError) {
        let watch = try await store.watch(from: .now)
        await refresh()
        var events = watch.makeAsyncIterator()
        while let event = try await events.next() {
          if concerns(event) { await refresh() }
        }
        return
      } catch {
        // It fell behind: the next round looks at everything.
        continue
      }
    }
  }

  private func concerns(_ event: WatchEvent) -> Bool {
    switch event {
    case .added(let key, let object), .modified(let key, let object), .deleted(let key, let object):
      guard object.resourceVersion > revision else { return false }
      return key.resource == Self.id || definitions.isTerminating(key.resource)
    case .bookmark: return false
    }
  }

  /// - Returns: whether a definition has gone.
  private func pass() async -> Bool {
    let list = await store.list(Self.id)
    revision = list.resourceVersion
    let all = list.items.map { CustomResource($0.object.tree) }
      .sorted { $0.seniority < $1.seniority }
    var names = TakenNames(of: definitions.all, all)
    var served: [ResourceDefinition] = []
    for resource in all {
      let resource = await accepted(resource, &names)
      if resource.isEstablished { served.append(definition(of: resource)) }
    }
    for id in definitions.replaceCustom(served) { await store.endWatches(of: id) }
    let known = Set(all.map(\.uid))
    made = made.filter { known.contains($0.key) }
    var hasRemoved = false
    for resource in all where resource.isTerminating {
      do throws(StoreError) {
        if try await remove(resource) { hasRemoved = true }
      } catch {
        failures.append("\(resource.name) cannot go: \(error)")
      }
    }
    return hasRemoved
  }

  /// A definition with the names that it gets, as it is in the store then.
  private func accepted(
    _ resource: CustomResource, _ names: inout TakenNames
  ) async -> CustomResource {
    guard !resource.isTerminating else { return resource }
    let status = resource.status(among: names)
    guard status != resource.tree["status"] else { return resource }
    var tree = resource.tree
    tree["status"] = status
    do throws(StoreError) {
      let written = CustomResource(try await store.updateStatus(resource.key, tree).tree)
      names[written] = written.accepted
      return written
    } catch .conflict, .notFound {
      // Somebody else's change is looked at in the next pass, which that change brings.
      return resource
    } catch {
      failures.append("the status of \(resource.name) cannot be written: \(error)")
      return resource
    }
  }

  private func definition(of resource: CustomResource) -> ResourceDefinition {
    let generation = resource.tree["metadata", "generation"]?.integer ?? 0
    let spec = resource.tree["spec"]
    // The generation counts a deletion too.
    if let known = made[resource.uid], known.names == resource.accepted,
      known.generation == generation || known.spec == spec
    {
      made[resource.uid]?.generation = generation
      var definition = known.definition
      definition.isTerminating = resource.isTerminating
      return definition
    }
    states += 1
    let definition = resource.definition(
      ResourceDefinition.Origin(uid: resource.uid, state: states))
    made[resource.uid] = Made(
      generation: generation, names: resource.accepted, spec: spec, definition: definition)
    return definition
  }

  /// Removes the objects of a kind whose definition goes, and then the definition.
  ///
  /// - Returns: whether the definition is gone.
  private func remove(_ resource: CustomResource) async throws(StoreError) -> Bool {
    if !definitions.isBuiltIn(resource.id) {
      for item in await store.list(resource.id).items where !item.object.isBeingDeleted {
        try await ignoringRaces { () async throws(StoreError) in
          try await store.delete(item.key, propagation: .background)
        }
      }
      // Those with finalizers stay until somebody takes these away.
      guard await store.list(resource.id).items.isEmpty else { return false }
    }
    guard var tree = await store.get(resource.key)?.tree else { return true }
    let all = tree["metadata", "finalizers"]?.items ?? []
    let left = all.filter { $0.string != Self.finalizer }
    guard left.count < all.count else { return false }
    tree["metadata", "finalizers"] = left.isEmpty ? nil : .sequence(left)
    let released = tree
    try await ignoringRaces { () async throws(StoreError) in
      try await store.update(resource.key, released, status: .apart)
    }
    return await store.get(resource.key) == nil
  }

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

  /// The order in which names are given.
  fileprivate var seniority: (Int, String, String) {
    (isEstablished ? 0 : 1, tree["metadata", "creationTimestamp"]?.string ?? "", name)
  }

  /// Whether it is served; it stays so.
  var isEstablished: Bool {
    (tree["status", "conditions"]?.items ?? []).contains {
      $0["type"]?.string == "Established" && $0["status"]?.string == "True"
    }
  }
}
