import Objects
import Testing

@testable import Reconciliation

/// Namespaces that are to go.
@Suite struct NamespaceReconcilerTests {
  private static let namespaceKey = ObjectKey(.namespaces, namespace: "", name: "default")
  private let reconciler = NamespaceReconciler()

  /// The namespace of a test's machine, marked as a client's deletion marks it.
  private func world() throws -> World {
    var world = World()
    try world.create(
      Self.namespaceKey,
      [
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": ["name": "default", "finalizers": ["kubernetes"]],
        "status": ["phase": "Active"],
      ])
    try world.delete(Self.namespaceKey)
    return world
  }

  private func map(_ world: inout World, _ namespace: String) throws -> ObjectKey {
    let key = ObjectKey(GroupResource("configmaps"), namespace: namespace, name: "settings")
    try world.create(
      key,
      [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "settings", "namespace": .text(namespace)],
      ])
    return key
  }

  @Test func anEmptyOneGoes() throws {
    var world = try world()
    let other = try map(&world, "other")
    _ = try world.settle(reconciler, Self.namespaceKey)
    #expect(world.object(Self.namespaceKey) == nil)
    #expect(world.object(other) != nil)
  }

  @Test func oneThatStaysIsLeftAlone() throws {
    var world = World()
    try world.create(
      Self.namespaceKey,
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "default"]])
    let inside = try map(&world, "default")
    let tree = try #require(world.object(inside))
    #expect(reconciler.keys(concernedBy: inside, tree, in: world).isEmpty)
    #expect(try world.settle(reconciler, Self.namespaceKey).passes == 0)
    #expect(world.object(inside) != nil)
  }

  /// Objects as they are said, whatever a store would make of them.
  private struct Said: Reconciliation.Snapshot {
    let all: [(key: ObjectKey, object: ObjectNode)]

    func object(_ key: ObjectKey) -> ObjectNode? { all.first { $0.key == key }?.object }

    func objects(
      of resource: GroupResource, namespace: String?
    ) -> [(key: ObjectKey, object: ObjectNode)] {
      all.filter {
        $0.key.resource == resource && (namespace == nil || $0.key.namespace == namespace)
      }
    }

    func objects(inNamespace namespace: String) -> [(key: ObjectKey, object: ObjectNode)] {
      all.filter { $0.key.namespace == namespace }
    }

    func dependents(of uid: String) -> [ObjectKey] { [] }
  }

  /// Of a chain of owners the first is deleted; of a circle, which nobody else would delete, all are.
  @Test(arguments: [
    ([("a", String?.none), ("b", "a"), ("c", "b")], ["a"]),
    ([("a", "b"), ("b", "a"), ("c", nil)], ["a", "b", "c"]), ([("a", "a")], ["a"]),
    ([("a", "elsewhere")], ["a"]),
  ])
  func ownersGo(_ objects: [(name: String, owner: String?)], _ deleted: [String]) throws {
    let content: [(key: ObjectKey, object: ObjectNode)] = objects.map { name, owner in
      var metadata: ObjectNode = [
        "name": .text(name), "namespace": "default", "uid": .text("uid-\(name)"),
      ]
      if let owner {
        metadata["ownerReferences"] = [
          [
            "apiVersion": "v1", "kind": "ConfigMap", "name": .text(owner),
            "uid": .text("uid-\(owner)"), "controller": true,
          ]
        ]
      }
      return (
        ObjectKey(GroupResource("configmaps"), namespace: "default", name: name),
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata]
      )
    }
    let world = try world()
    let namespace = try #require(world.object(Self.namespaceKey))
    let outcome = reconciler.reconcile(
      Self.namespaceKey, in: Said(all: [(Self.namespaceKey, namespace)] + content),
      at: world.moment)
    let names = outcome.changes.compactMap { change -> String? in
      guard case .delete(let key, _) = change else { return nil }
      return key.name
    }
    #expect(names == deleted)
  }

  /// A machine's instance has the time to end, and the namespace waits for it.
  @Test func machinesEndInTheirOrder() throws {
    var world = try world()
    try world.create(nodeKey, node())
    try world.create(machineKey, machine("Always"))
    let machines = VirtualMachineReconciler(admit: { instance, _ in .success(instance) })
    _ = try world.settle(machines, machineKey)
    #expect(world.object(instanceKey) != nil)
    let inside = try map(&world, "default")

    let looked = try world.look(reconciler, Self.namespaceKey)
    #expect(looked.passes == 1)
    let namespace = try #require(world.object(Self.namespaceKey))
    #expect(namespace["status", "phase"]?.string == "Terminating")
    #expect(world.object(inside) == nil)
    #expect(world.object(machineKey)?.isBeingDeleted == true)
    #expect(world.object(instanceKey)?.isBeingDeleted == false)
    // It waits for the machine, without doing anything meanwhile.
    #expect(try world.settle(reconciler, Self.namespaceKey).passes == 0)

    let machine = try #require(world.object(machineKey))
    #expect(
      reconciler.keys(concernedBy: machineKey, machine, in: world) == [Self.namespaceKey])
    _ = try world.settle(machines, machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    _ = try world.settle(machines, machineKey)
    #expect(world.object(machineKey) == nil)
    _ = try world.settle(reconciler, Self.namespaceKey)
    #expect(world.object(Self.namespaceKey) == nil)
  }
}
