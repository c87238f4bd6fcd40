import Objects
import Testing

@testable import Reconciliation

/// Machines on nodes that get NoExecute taints.
@Suite struct TaintEvictionReconcilerTests {
  private static let taint: ObjectNode = ["key": "gone", "effect": "NoExecute"]

  /// A machine that runs on node01, and node02 beside it.
  private func world(_ strategy: String, tolerations: [ObjectNode] = []) throws -> World {
    var world = World()
    try world.create(nodeKey, node())
    try world.create(ObjectKey(.nodes, namespace: "", name: "node02"), node())
    var tree = machine(strategy)
    if !tolerations.isEmpty {
      tree["spec", "template", "spec", "tolerations"] = .sequence(tolerations)
    }
    try world.create(machineKey, tree)
    try start(&world)
    return world
  }

  private func start(_ world: inout World) throws {
    let machines = VirtualMachineReconciler(admit: { instance, _ in .success(instance) })
    _ = try world.settle(machines, machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    let pod = try #require(world.pods.first { $0.object.podNode == nil }).key
    _ = try world.settle(Scheduler(), pod)
    try world.makeReady(pod)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    try world.setPhase(.running)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
  }

  private func taint(_ world: inout World) throws {
    try world.change(nodeKey) { $0["spec", "taints"] = [Self.taint] }
    _ = try world.look(NodeLifecycle(), nodeKey)
  }

  @Test func aPodLeavesAtOnce() throws {
    var world = try world("Always")
    let pod = try #require(world.pods.first)
    #expect(pod.object.podNode == "node01")
    try taint(&world)
    #expect(
      world.object(nodeKey)?["spec", "taints"]?.items.first?["timeAdded"]?.string
        == "\(world.now)")
    let tainted = try #require(world.object(nodeKey))
    let reconciler = TaintEvictionReconciler()
    #expect(reconciler.keys(concernedBy: nodeKey, tainted, in: world) == [pod.key])
    let settled = try world.settle(reconciler, pod.key)
    let leaving = try #require(world.object(pod.key))
    #expect(leaving.isBeingDeleted)
    #expect(leaving.hasCondition("DisruptionTarget", "True", reason: "DeletionByTaintManager"))
    #expect(settled.events.map(\.reason) == ["TaintManagerEviction"])
    #expect(settled.events.first?.message == "Marking for deletion Pod default/\(pod.key.name)")
  }

  /// The API server has each pod tolerate a node that is lost for 300 s.
  @Test(arguments: [("False", "not-ready"), ("Unknown", "unreachable")])
  func aNodeThatIsLost(_ status: String, _ name: String) throws {
    var world = try world("Always")
    let pod = try #require(world.pods.first).key
    world.now = world.now + 60
    try world.change(nodeKey) {
      $0["status", "conditions"] = [["type": "Ready", "status": .text(status)]]
    }
    _ = try world.look(NodeLifecycle(), nodeKey)
    let taints = world.object(nodeKey)?["spec", "taints"]?.items ?? []
    #expect(
      taints.map { $0["key"]?.string }
        == [String](repeating: "node.kubernetes.io/\(name)", count: 2))
    #expect(taints.map { $0["effect"] } == ["NoSchedule", "NoExecute"])
    #expect(try world.settle(TaintEvictionReconciler(), pod).after == .seconds(300))
    // It comes back in time, and nobody has to leave.
    var back = world
    try back.change(nodeKey) {
      $0["status", "conditions"] = [["type": "Ready", "status": "True"]]
    }
    _ = try back.look(NodeLifecycle(), nodeKey)
    #expect(back.object(nodeKey)?["spec", "taints"] == nil)
    back.now = back.now + 300
    #expect(try back.settle(TaintEvictionReconciler(), pod).passes == 0)
    world.now = world.now + 299
    #expect(try world.settle(TaintEvictionReconciler(), pod).after == .seconds(1))
    world.now = world.now + 1
    _ = try world.settle(TaintEvictionReconciler(), pod)
    #expect(world.object(pod)?.isBeingDeleted == true)
  }

  @Test func tolerationsCount() throws {
    var world = try world(
      "Always",
      tolerations: [
        ["key": "gone", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 20]
      ])
    let pod = try #require(world.pods.first).key
    world.now = world.now + 5
    try taint(&world)
    #expect(try world.settle(TaintEvictionReconciler(), pod).after == .seconds(20))
    try world.change(nodeKey) { $0["spec", "taints"] = nil }
    world.now = world.now + 30
    #expect(try world.settle(TaintEvictionReconciler(), pod).passes == 0)
  }

  /// What comes after is the run strategy's affair.
  @Test(arguments: [("Always", "node02"), ("RerunOnFailure", nil), ("Manual", nil), ("Once", nil)])
  func whatComesAfter(_ strategy: String, _ next: String?) throws {
    var world = try world(strategy == "Manual" ? "Always" : strategy)
    if strategy == "Manual" {
      try world.change(machineKey) { $0["spec", "runStrategy"] = "Manual" }
    }
    let pod = try #require(world.pods.first).key
    try taint(&world)
    _ = try world.settle(TaintEvictionReconciler(), pod)
    // The node's agent has the guest power off.
    try world.setPhase(.succeeded)
    try world.finish(pod)
    _ = try world.settle(LauncherPodReconciler(), pod)
    let machines = VirtualMachineReconciler(admit: { instance, _ in .success(instance) })
    for _ in 0..<4 {
      _ = try world.settle(machines, machineKey)
      if world.object(instanceKey) != nil {
        _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
      }
    }
    for pod in world.pods where pod.object.podNode == nil {
      _ = try world.settle(Scheduler(), pod.key)
    }
    #expect(world.pods.compactMap(\.object.podNode) == [next].compactMap { $0 })
  }
}
