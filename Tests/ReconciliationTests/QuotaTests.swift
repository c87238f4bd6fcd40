import Objects
import Testing

@testable import Reconciliation

/// Quotas and the pods of machines.
@Suite struct QuotaReconcilerTests {
  private let quotaKey = ObjectKey(.resourceQuotas, namespace: "default", name: "compute")

  private func world(_ hard: ObjectNode) throws -> World {
    var world = World()
    try world.create(
      quotaKey,
      [
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": .mapping(), "spec": ["hard": hard],
      ])
    return world
  }

  private func launch(_ name: String, in world: inout World) throws -> World.Settled {
    let key = ObjectKey(.virtualMachineInstances, namespace: "default", name: name)
    try world.create(key, instance())
    return try world.settle(VirtualMachineInstanceReconciler(), key)
  }

  @Test func thePodThatIsTooMuchIsRefused() throws {
    var world = try world(["pods": "1", "count/virtualmachineinstances.kubevirt.io": "9"])
    _ = try launch("a", in: &world)
    #expect(world.pods.count == 1)
    #expect(world.object(quotaKey)?["status", "used", "pods"]?.string == "1")
    let settled = try launch("b", in: &world)
    #expect(world.pods.count == 1)
    let instance = try #require(
      world.object(ObjectKey(.virtualMachineInstances, namespace: "default", name: "b")))
    let message = instance.condition("Synchronized")?["message"]?.string ?? ""
    #expect(instance.hasCondition("Synchronized", "False", reason: "FailedCreate"))
    #expect(message.hasPrefix("failed to create virtual machine pod: pods \"virt-launcher-b-"))
    #expect(
      message.hasSuffix(
        " is forbidden: exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1"))
    #expect(settled.events.map(\.reason) == ["FailedCreate"])
    #expect(settled.after == .seconds(10), "it is tried again")
    // The first goes, and there is room.
    let pod = try #require(world.pods.first).key
    try world.finish(pod)
    _ = try world.settle(QuotaReconciler(), quotaKey)
    #expect(world.object(quotaKey)?["status", "used", "pods"]?.string == "0")
    #expect(
      world.object(quotaKey)?["status", "used", "count/virtualmachineinstances.kubevirt.io"]?.string
        == "2")
    _ = try world.settle(
      VirtualMachineInstanceReconciler(),
      ObjectKey(.virtualMachineInstances, namespace: "default", name: "b"))
    #expect(world.pods.count == 2)
  }

  /// Of whatever a quota counts, what is used follows each change.
  @Test func theQuotasThatCountAnObjectAreLookedAt() throws {
    let world = try world(["count/configmaps": "3"])
    for (resource, keys) in [
      (GroupResource("configmaps"), [quotaKey]), (GroupResource("secrets"), []),
      (GroupResource("pods"), [quotaKey]),
    ] {
      let key = ObjectKey(resource, namespace: "default", name: "a")
      #expect(
        QuotaReconciler().keys(concernedBy: key, .mapping(), in: world) == keys, "\(resource)")
    }
  }

  /// Of two pods that would fit alone, the decision that comes later is taken again.
  @Test func twoAtOnce() throws {
    var world = try world(["pods": "1"])
    for name in ["a", "b"] {
      let key = ObjectKey(.virtualMachineInstances, namespace: "default", name: name)
      try world.create(key, instance())
      _ = try world.look(VirtualMachineInstanceReconciler(), key)
    }
    let before = world
    let first = VirtualMachineInstanceReconciler().reconcile(
      ObjectKey(.virtualMachineInstances, namespace: "default", name: "b"), in: before,
      at: before.moment)
    let update = first.changes.first
    guard case .updateStatus(quotaKey, let counted) = update else {
      Issue.record("the quota is written first: \(first.changes)")
      return
    }
    #expect(
      counted["metadata", "resourceVersion"]?.string
        == world.object(quotaKey)?["metadata", "resourceVersion"]?.string)
  }

  /// KubeVirt gives a limit to a pod that has none.
  @Test func aLimitIsFilledIn() throws {
    var world = try world(["limits.memory": "8Gi"])
    _ = try launch("a", in: &world)
    let compute = try #require(world.pods.first?.object["spec", "containers"]?.items.first)
    let amounts = ["requests", "limits"].compactMap {
      compute["resources", $0, "memory"]?.scalar?.text
    }
    #expect(amounts == ["1312Mi", "2624Mi"])
  }
}
