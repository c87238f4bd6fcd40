import Objects
import Testing

@testable import Store

/// Deletion with finalizers and owners.
@Suite struct GarbageCollectionTests {
  /// An object of a case: `NAME owner,owner(options) finalizers`.
  struct Object: Sendable {
    var name: String
    var owners: [String] = []
    var isBlocking = true
    var finalizers: [String] = []
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var title: String
    var objects: [Object]
    var delete: [String]
    var propagation: DeletionPropagation? = nil
    /// What is there afterwards, as `NAME(state; owners; finalizers)`.
    var left: [String]
    /// The keys of the changes that the deletions make, in order; `-` before a removal.
    var changes: [String]? = nil
    /// Whether the objects get their owners when all are there.
    var isCircle = false

    var testDescription: String { title }
  }

  private static func key(_ name: String) -> ObjectKey {
    switch name.first {
    case "n": ObjectKey(nodes, namespace: "", name: name)
    case "o": pod(name, in: "other")
    default: pod(name)
    }
  }

  private static func tree(_ object: Object) -> ObjectNode {
    var tree: ObjectNode = ["kind": "Pod", "apiVersion": "v1"]
    tree["metadata", "finalizers"] =
      object.finalizers.isEmpty ? nil : .sequence(object.finalizers.map { .text($0) })
    let owners = object.owners.map { owner -> ObjectNode in
      // `a!uid` refers to a with another UID, `a?Kind` as another kind.
      let name = String(owner.prefix { $0 != "!" && $0 != "?" })
      let key = key(name)
      return [
        "apiVersion": "v1", "kind": owner.contains("?") ? "Other" : "Pod", "name": .text(name),
        "uid": .text(owner.contains("!") ? "another" : fixedMoment.uid(key)),
        "blockOwnerDeletion": .boolean(object.isBlocking),
      ]
    }
    tree["metadata", "ownerReferences"] = owners.isEmpty ? nil : .sequence(owners)
    return tree
  }

  private static func describe(_ key: ObjectKey, _ object: StoredObject) -> String {
    let parts = [
      object.isBeingDeleted ? "deleting" : "",
      object.owners.map(\.name).joined(separator: ","),
      object.finalizers.joined(separator: ","),
    ]
    return parts.allSatisfy(\.isEmpty) ? key.name : "\(key.name)(\(parts.joined(separator: ";")))"
  }

  static let cases: [Case] = [
    Case(
      title: "nothing else", objects: [.init(name: "a")], delete: ["a"], left: [], changes: ["-a"]),
    Case(
      title: "finalizers keep", objects: [.init(name: "a", finalizers: ["x", "y"])], delete: ["a"],
      left: ["a(deleting;;x,y)"], changes: ["a"]),
    Case(
      title: "a second deletion changes nothing",
      objects: [.init(name: "a", finalizers: ["x"])], delete: ["a", "a"],
      left: ["a(deleting;;x)"], changes: ["a"]),
    Case(
      title: "background takes the whole tree, owners first",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"]), .init(name: "c", owners: ["b"]),
        .init(name: "d"),
      ], delete: ["a"], left: ["d"], changes: ["-a", "-b", "-c"]),
    Case(
      title: "a dependent's finalizer keeps the dependent only",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"], finalizers: ["x"]),
        .init(name: "c", owners: ["b"]),
      ], delete: ["a"], left: ["b(deleting;a;x)", "c(;b;)"]),
    Case(
      title: "another owner keeps, and the reference to the one that is gone goes",
      objects: [.init(name: "a"), .init(name: "b"), .init(name: "c", owners: ["a", "b"])],
      delete: ["a"], left: ["b", "c(;b;)"], changes: ["-a", "c"]),
    Case(
      title: "no owner is left in the end",
      objects: [.init(name: "a"), .init(name: "b"), .init(name: "c", owners: ["a", "b"])],
      delete: ["a", "b"], left: []),
    Case(
      title: "foreground goes from the leaves",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"]), .init(name: "c", owners: ["b"]),
      ], delete: ["a"], propagation: .foreground, left: [],
      changes: ["a", "b", "-c", "-b", "-a"]),
    Case(
      title: "foreground waits for a dependent's finalizer",
      objects: [.init(name: "a"), .init(name: "b", owners: ["a"], finalizers: ["x"])],
      delete: ["a"], propagation: .foreground,
      left: ["a(deleting;;foregroundDeletion)", "b(deleting;a;x)"]),
    Case(
      title: "foreground does not wait for what does not block",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"], isBlocking: false, finalizers: ["x"]),
      ], delete: ["a"], propagation: .foreground, left: ["b(deleting;a;x)"]),
    Case(
      title: "foreground, another owner keeps",
      objects: [.init(name: "a"), .init(name: "b"), .init(name: "c", owners: ["a", "b"])],
      delete: ["a"], propagation: .foreground, left: ["b", "c(;b;)"], changes: ["a", "c", "-a"]),
    Case(
      title: "foreground with the owner's own finalizer",
      objects: [.init(name: "a", finalizers: ["x"]), .init(name: "b", owners: ["a"])],
      delete: ["a"], propagation: .foreground, left: ["a(deleting;;x)"]),
    Case(
      title: "a circle goes in the foreground",
      objects: [.init(name: "a", owners: ["b"]), .init(name: "b", owners: ["a"])], delete: ["a"],
      propagation: .foreground, left: [], isCircle: true),
    Case(
      title: "a circle goes in the background",
      objects: [.init(name: "a", owners: ["b"]), .init(name: "b", owners: ["a"])], delete: ["b"],
      left: [], isCircle: true),
    Case(
      title: "its own owner", objects: [.init(name: "a", owners: ["a"])], delete: ["a"],
      propagation: .foreground, left: [], isCircle: true),
    Case(
      title: "orphans stay without the reference",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"]), .init(name: "c", owners: ["b"]),
      ], delete: ["a"], propagation: .orphan, left: ["b", "c(;b;)"], changes: ["a", "b", "-a"]),
    Case(
      title: "orphans, with the owner's own finalizer",
      objects: [.init(name: "a", finalizers: ["x"]), .init(name: "b", owners: ["a"])],
      delete: ["a"], propagation: .orphan, left: ["a(deleting;;x)", "b"]),
    Case(
      title: "the object's own finalizer asks for orphans",
      objects: [.init(name: "a", finalizers: ["orphan"]), .init(name: "b", owners: ["a"])],
      delete: ["a"], left: ["b"]),
    Case(
      title: "background asked for overrules the object's own finalizer",
      objects: [.init(name: "a", finalizers: ["orphan"]), .init(name: "b", owners: ["a"])],
      delete: ["a"], propagation: .background, left: []),
    Case(
      title: "an owner marked with a finalizer keeps its dependents until it is gone",
      objects: [.init(name: "a", finalizers: ["x"]), .init(name: "b", owners: ["a"])],
      delete: ["a"], left: ["a(deleting;;x)", "b(;a;)"]),
    Case(
      title: "an owner of the whole cluster",
      objects: [.init(name: "n"), .init(name: "b", owners: ["n"])],
      delete: ["n"], left: []),
    Case(
      title: "objects of the whole cluster with an owner in a namespace are left alone",
      objects: [.init(name: "a"), .init(name: "n", owners: ["a"])], delete: [],
      left: ["n(;a;)", "a"]),
    Case(
      title: "nor do they hold up its deletion",
      objects: [.init(name: "a"), .init(name: "n", owners: ["a"], finalizers: ["x"])],
      delete: ["a"], propagation: .foreground, left: ["n(deleting;a;x)"]),
    Case(
      title: "nor if they are to be orphans",
      objects: [.init(name: "a"), .init(name: "n", owners: ["a"], finalizers: ["x"])],
      delete: ["a"], propagation: .orphan, left: ["n(deleting;a;x)"]),
    Case(
      title: "made with an owner that does not exist",
      objects: [.init(name: "b", owners: ["a"])], delete: [], left: []),
    Case(
      title: "made with the UID of an owner of that name before",
      objects: [.init(name: "a"), .init(name: "b", owners: ["a!"])], delete: [], left: ["a"]),
    Case(
      title: "made with an owner of another kind",
      objects: [.init(name: "a"), .init(name: "b", owners: ["a?"])], delete: [], left: ["a"]),
    Case(
      title: "made with an owner in another namespace",
      objects: [.init(name: "o"), .init(name: "b", owners: ["o"])], delete: [], left: ["o"]),
    Case(
      title: "a diamond",
      objects: [
        .init(name: "a"), .init(name: "b", owners: ["a"]), .init(name: "c", owners: ["a"]),
        .init(name: "d", owners: ["b", "c"]),
      ], delete: ["a"], propagation: .foreground, left: []),
  ]

  @Test(arguments: cases) func collects(_ example: Case) async throws {
    let store = Store(moment: fixedMoment)
    for object in example.objects {
      var object = object
      if example.isCircle { object.owners = [] }
      try await store.create(Self.key(object.name), Self.tree(object))
    }
    for object in example.objects where example.isCircle {
      try await store.update(Self.key(object.name), Self.tree(object))
    }
    let before = await store.status.revision
    for name in example.delete {
      try await store.delete(Self.key(name), propagation: example.propagation)
    }
    let table = await store.snapshot
    let left = table.resources.flatMap { table.objects(of: $0) }
      .map { Self.describe($0.key, $0.object) }
    #expect(left == example.left)
    guard let expected = example.changes else { return }
    var iterator = try await store.watch(from: .after(before)).makeAsyncIterator()
    var changes: [String] = []
    while changes.count < expected.count {
      switch try await iterator.next() {
      case .deleted(let key, _)?: changes.append("-\(key.name)")
      case .added(let key, _)?, .modified(let key, _)?: changes.append(key.name)
      default: break
      }
    }
    #expect(changes == expected)
    #expect(await store.status.revision == before + expected.count)
  }

  @Test func markingSaysWhenAndCountsOnce() async throws {
    let store = Store(moment: fixedMoment)
    try await store.create(pod("a"), ["metadata": ["finalizers": ["x"]]])
    let marked = try await store.delete(pod("a"))
    #expect(marked.tree["metadata", "deletionTimestamp"]?.string == fixedTime)
    #expect(marked.tree["metadata", "deletionGracePeriodSeconds"] == 0)
    #expect(marked.generation == 2)
    #expect(try await store.delete(pod("a")) == marked)
    // The mark is the store's: an update without it keeps it.
    let updated = try await store.update(
      pod("a"), ["metadata": ["finalizers": ["x"], "labels": ["a": "b"]]])
    #expect(updated.isBeingDeleted)
  }

  @Test func theLastFinalizerTakesTheObject() async throws {
    let store = Store(moment: fixedMoment)
    try await store.create(pod("a"), ["metadata": ["finalizers": ["x", "y"]]])
    try await store.create(pod("b"), Self.tree(Object(name: "b", owners: ["a"])))
    var tree = try await store.delete(pod("a")).tree
    tree.finalizers = ["y"]
    tree = try await store.update(pod("a"), tree).tree
    #expect(await store.get(pod("a")) != nil)
    tree.finalizers = ["y", "z"]
    let error = await #expect(throws: StoreError.self) { try await store.update(pod("a"), tree) }
    #expect(error?.code == 422)
    #expect(
      error?.description
        == #"pods "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added "#
        + #"if the object is being deleted, found new finalizers []string{"z"}"#)
    tree.finalizers = []
    try await store.update(pod("a"), tree)
    #expect(await store.status.objects == 0)
  }

  @Test func withoutADeletionTheLastFinalizerTakesNothing() async throws {
    let store = Store(moment: fixedMoment)
    try await store.create(pod("a"), ["metadata": ["finalizers": ["x"]]])
    try await store.update(pod("a"), [:])
    #expect(await store.get(pod("a"))?.finalizers == [])
  }

  @Test func anObjectMadeAnewHasNoDependentsOfTheOldOne() async throws {
    let store = Store(moment: .system)
    let first = try await store.create(pod("a"), [:])
    try await store.delete(pod("a"))
    try await store.create(pod("a"), [:])
    let owner: ObjectNode = ["kind": "Pod", "name": "a", "uid": .text(first.uid)]
    try await store.create(pod("b"), ["metadata": ["ownerReferences": [owner]]])
    #expect(await store.get(pod("b")) == nil)
    #expect(await store.get(pod("a")) != nil)
  }

  @Test func aThousandDependentsGoInOneCommit() async throws {
    let log = GatedLog(isOpen: true)
    let store = Store(log: log, moment: fixedMoment)
    try await store.create(pod("a"), ["kind": "Pod"])
    for index in 0..<1000 {
      try await store.create(pod("b\(index)"), Self.tree(Object(name: "", owners: ["a"])))
    }
    let before = await log.payloads.count
    try await store.delete(pod("a"), propagation: .foreground)
    #expect(await store.status.objects == 0)
    #expect(await log.payloads.count == before + 1)
  }
}
