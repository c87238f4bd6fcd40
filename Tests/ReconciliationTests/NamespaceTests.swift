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

  /// What nobody else would delete goes too.
  @Test func ownersInACircleGo() throws {
    var world = try world()
    func map(_ name: String, ownedBy owner: String, uid: String) throws {
      try world.create(
        ObjectKey(GroupResource("configmaps"), namespace: "default", name: name),
        [
          "apiVersion": "v1", "kind": "ConfigMap",
          "metadata": [
            "name": .text(name), "namespace": "default",
            "ownerReferences": [
              [
                "apiVersion": "v1", "kind": "ConfigMap", "name": .text(owner), "uid": .text(uid),
                "controller": true,
              ]
            ],
          ],
        ])
    }
    // World numbers UIDs by its writes: the namespace's two come first.
    try map("one", ownedBy: "other", uid: "uid-4")
    try map("other", ownedBy: "one", uid: "uid-3")
    let uids = world.objects(inNamespace: "default").map(\.object.uid)
    #expect(uids == ["uid-3", "uid-4"])
    _ = try world.settle(reconciler, Self.namespaceKey)
    #expect(world.object(Self.namespaceKey) == nil)
    #expect(world.objects(inNamespace: "default").isEmpty)
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
