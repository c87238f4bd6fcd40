import Mutations
import Objects
import Testing

@testable import Store

/// Thousands of random writes beside a model that does the same in the most trivial way.
@Suite struct ModelTests {
  /// The model: objects by key, without owners.
  private struct Model {
    struct Object: Equatable {
      var spec: Int
      var status: Int?
      var label: Int?
      var finalizers: [String]
      var version: Int
      var generation = 1
      var isBeingDeleted = false
      var uid: String
    }

    var objects: [ObjectKey: Object] = [:]
    var revision = 0

    enum Outcome: Equatable {
      case written(Object?)
      case refused(Int)
    }

    mutating func create(_ key: ObjectKey, _ spec: Int, _ finalizers: [String], uid: String)
      -> Outcome
    {
      guard objects[key] == nil else { return .refused(409) }
      revision += 1
      objects[key] = Object(spec: spec, finalizers: finalizers, version: revision, uid: uid)
      return .written(objects[key])
    }

    mutating func update(
      _ key: ObjectKey, _ spec: Int, _ label: Int?, _ finalizers: [String], version: Int?
    ) -> Outcome {
      guard let old = objects[key] else { return .refused(404) }
      if let version, version != old.version { return .refused(409) }
      var new = old
      (new.spec, new.label, new.finalizers) = (spec, label, finalizers)
      if new == old { return .written(old) }
      if old.isBeingDeleted, !Set(finalizers).isSubset(of: old.finalizers) { return .refused(422) }
      if spec != old.spec { new.generation += 1 }
      return put(key, new)
    }

    mutating func updateStatus(_ key: ObjectKey, _ status: Int?, version: Int?) -> Outcome {
      guard let old = objects[key] else { return .refused(404) }
      if let version, version != old.version { return .refused(409) }
      var new = old
      new.status = status
      return new == old ? .written(old) : put(key, new)
    }

    mutating func delete(_ key: ObjectKey, version: Int?) -> Outcome {
      guard let old = objects[key] else { return .refused(404) }
      if let version, version != old.version { return .refused(409) }
      var new = old
      if old.finalizers.isEmpty {
        revision += 1
        objects[key] = nil
        return .written(nil)
      }
      if old.isBeingDeleted { return .written(old) }
      new.isBeingDeleted = true
      new.generation += 1
      return put(key, new)
    }

    private mutating func put(_ key: ObjectKey, _ object: Object) -> Outcome {
      var object = object
      revision += 1
      object.version = revision
      objects[key] = object.isBeingDeleted && object.finalizers.isEmpty ? nil : object
      return .written(objects[key])
    }
  }

  private static func read(_ object: StoredObject) -> Model.Object {
    Model.Object(
      spec: object.tree["spec", "x"]?.integer ?? -1, status: object.tree["status"]?.integer,
      label: object.label("x").flatMap(Int.init), finalizers: object.finalizers,
      version: object.resourceVersion, generation: object.generation,
      isBeingDeleted: object.isBeingDeleted, uid: object.uid)
  }

  private static func tree(
    _ spec: Int, label: Int? = nil, finalizers: [String] = [], version: Int? = nil
  ) -> ObjectNode {
    var tree: ObjectNode = ["spec": ["x": .integer(spec)], "status": 99]
    if let label { tree["metadata", "labels", "x"] = .text(String(label)) }
    tree.finalizers = finalizers
    if let version { tree["metadata", "resourceVersion"] = .text(String(version)) }
    return tree
  }

  private static func attempt(
    _ body: () async throws(StoreError) -> StoredObject?
  ) async -> Model.Outcome {
    do throws(StoreError) {
      return .written(try await body().map(read))
    } catch {
      return .refused(error.code)
    }
  }

  @Test(arguments: [1, 2, 3]) func randomWrites(seed: UInt64) async throws {
    var numbers = RepeatableNumbers(seed: seed)
    let folder = try TemporaryFolder()
    var limits = StoreLimits()
    limits.fileBytes = 64 << 10
    limits.keptChanges = 5000
    func open() async throws -> Store {
      try await Store.open(folder.file(), limits: limits, waitsForDisk: false)
    }
    var store = try await open()
    var model = Model()
    let keys =
      (0..<12).map { pod("p\($0)", in: $0 % 2 == 0 ? "a" : "b") }
      + (0..<6).map { machine("m\($0)") }
    var seen: [ObjectKey: Model.Object] = [:]
    var cursor = 0
    var compactions = 0
    var size = 0

    for step in 0..<3000 {
      let key = keys.randomElement(using: &numbers) ?? keys[0]
      let spec = Int.random(in: 0..<3, using: &numbers)
      let finalizers = [[], [], ["x"], ["y"], ["x", "y"]].randomElement(using: &numbers) ?? []
      // Sometimes no version, mostly the newest, sometimes an old one.
      let newest = model.objects[key]?.version
      let version =
        [nil, newest, newest, newest.map { $0 - 1 }].randomElement(using: &numbers) ?? nil
      let outcome: Model.Outcome
      let expected: Model.Outcome
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0..<3:
        outcome = await Self.attempt { () throws(StoreError) in
          try await store.create(key, Self.tree(spec, finalizers: finalizers))
        }
        let uid = await store.get(key)?.uid ?? ""
        expected = model.create(key, spec, finalizers, uid: uid)
      case 3..<6:
        let label = Bool.random(using: &numbers) ? spec : nil
        let tree = Self.tree(spec, label: label, finalizers: finalizers, version: version)
        outcome = await Self.attempt { () throws(StoreError) in
          let updated = try await store.update(key, tree)
          return await store.get(key) == nil ? nil : updated
        }
        expected = model.update(key, spec, label, finalizers, version: version)
      case 6..<8:
        var tree = Self.tree(9, version: version)
        tree["status"] = spec == 0 ? nil : .integer(spec)
        outcome = await Self.attempt { () throws(StoreError) in
          try await store.updateStatus(key, tree)
        }
        expected = model.updateStatus(key, spec == 0 ? nil : spec, version: version)
      default:
        let rights = Preconditions(resourceVersion: version.map { String($0) })
        outcome = await Self.attempt { () throws(StoreError) in
          let deleted = try await store.delete(key, preconditions: rights)
          return await store.get(key) == nil ? nil : deleted
        }
        expected = model.delete(key, version: version)
      }
      try #require(outcome == expected, "step \(step)")

      if step % 200 == 199 {
        let now = folder.size()
        if now < size { compactions += 1 }
        size = now
        // A watch since the last look tells of all that happened since.
        try await Self.follow(store, &seen, from: cursor, to: model.revision)
        cursor = model.revision
        try #require(seen == model.objects)
        let contents = await store.contents
        await store.close()
        store = try await open()
        try #require(await store.contents == contents)
        try #require(await store.status.revision == model.revision)
        try #require(store.report == WriteAheadFile.Report())
      }
    }
    #expect(compactions > 0)
    #expect(model.revision > 1000)
  }

  /// Carries out on `seen` what a watch says.
  private static func follow(
    _ store: Store, _ seen: inout [ObjectKey: Model.Object], from cursor: Int, to end: Int
  ) async throws {
    guard cursor < end else { return }
    // After a restart the changes since the file's snapshot are known.
    guard store.feed.oldest <= cursor else {
      seen = [:]
      for resource in [pods, machines] {
        for item in await store.list(resource).items { seen[item.key] = read(item.object) }
      }
      return
    }
    var iterator = try await store.watch(from: .after(cursor)).makeAsyncIterator()
    var reached = cursor
    while reached < end {
      switch try await iterator.next() {
      case .added(let key, let object)?:
        try #require(seen[key] == nil)
        seen[key] = read(object)
        reached = object.resourceVersion
      case .modified(let key, let object)?:
        try #require(seen[key] != nil)
        seen[key] = read(object)
        reached = object.resourceVersion
      case .deleted(let key, let object)?:
        try #require(seen.removeValue(forKey: key) != nil)
        reached = object.resourceVersion
      default: throw StoreError.tooNew(end, current: reached)
      }
    }
  }

  /// Owners at random, deleted at random: what is left has all its owners, and nothing waits for
  /// what is gone.
  @Test(arguments: 1...8) func randomOwners(seed: Int) async throws {
    var numbers = RepeatableNumbers(seed: UInt64(seed))
    let store = Store()
    var objects: [(key: ObjectKey, uid: String)] = []
    for index in 0..<120 {
      var tree: ObjectNode = ["kind": "Pod", "apiVersion": "v1"]
      let owners = (0..<Int.random(in: 0...2, using: &numbers)).compactMap { _ -> ObjectNode? in
        guard let owner = objects.randomElement(using: &numbers) else { return nil }
        return [
          "apiVersion": "v1", "kind": "Pod", "name": .text(owner.key.name),
          "uid": .text(owner.uid), "blockOwnerDeletion": .boolean(Bool.random(using: &numbers)),
        ]
      }
      tree["metadata", "ownerReferences"] = owners.isEmpty ? nil : .sequence(owners)
      if index % 17 == 0 { tree.finalizers = ["hold"] }
      let made = try await store.create(pod("p\(index)"), tree)
      objects.append((pod("p\(index)"), made.uid))
      if index % 5 == 4, let victim = objects.randomElement(using: &numbers) {
        let propagation = DeletionPropagation.allCases.randomElement(using: &numbers)
        if await store.get(victim.key) != nil {
          try await store.delete(victim.key, propagation: propagation)
        }
        try await Self.checkOwners(await store.snapshot)
      }
    }
    #expect(await store.status.objects > 10)
    // Without what holds them all go, whatever order.
    for (key, object) in await store.list(pods).items where object.finalizers.contains("hold") {
      guard var tree = await store.get(key)?.tree else { continue }
      tree.finalizers.removeAll { $0 == "hold" }
      try await store.update(key, tree)
    }
    for (key, _) in objects.shuffled(using: &numbers) where await store.get(key) != nil {
      let propagation = DeletionPropagation.allCases.randomElement(using: &numbers)
      try await store.delete(key, propagation: propagation)
    }
    try await Self.checkOwners(await store.snapshot)
    #expect(await store.status.objects == 0)
    #expect(await store.status.bytes == 0)
  }

  private static func checkOwners(_ table: ObjectTable) async throws {
    for (key, object) in table.objects(of: pods) {
      let next = GarbageCollection.mutation(of: key, in: table, at: fixedTime)
      try #require(next == nil, "\(key) is not as it must be")
      let owners = object.owners.map { table[uid: $0.uid] != nil }
      try #require(owners.isEmpty || object.isBeingDeleted || owners.contains(true))
    }
  }
}
