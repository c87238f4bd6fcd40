import KubeVirt
import Objects
import Testing

@testable import Reconciliation

@Suite struct HyperConvergedTests {
  private let reconciler = HyperConvergedReconciler()
  private let owner = ObjectKey(
    .hyperConvergeds, namespace: "openshift-cnv", name: "kubevirt-hyperconverged")
  private let kubeVirt = ObjectKey(
    .kubeVirts, namespace: "openshift-cnv", name: "kubevirt-kubevirt-hyperconverged")

  private func world(_ spec: ObjectNode = [:]) throws -> World {
    var world = World()
    try world.create(
      owner,
      HyperConvergedObject(
        [
          "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged",
          "metadata": ["name": .text(owner.name), "namespace": .text(owner.namespace)],
          "spec": spec,
        ], workers: 0
      ).stored)
    return world
  }

  @Test func theKubeVirtIsMade() throws {
    var world = try world(["defaultCPUModel": "EPYC"])
    let settled = try world.settle(reconciler, owner)
    #expect(settled.events.map(\.message) == ["Created KubeVirt kubevirt-kubevirt-hyperconverged"])
    let made = try #require(world.object(kubeVirt))
    #expect(made["spec", "configuration", "cpuModel"] == "EPYC")
    #expect(made.controller?.name == owner.name)
    #expect(world.object(owner)?.hasCondition("Available", "True") == true)
    #expect(world.object(owner)?["status", "observedGeneration"] == 1)
  }

  @Test func aChangeFlows() throws {
    var world = try world()
    _ = try world.settle(reconciler, owner)
    try world.change(owner) { $0["spec", "tuningPolicy"] = "highBurst" }
    let settled = try world.settle(reconciler, owner)
    #expect(settled.events.map(\.reason) == ["Updated"])
    let bucket = world.object(kubeVirt)?[
      "spec", "configuration", "handlerConfiguration", "restClient", "rateLimiter",
      "tokenBucketRateLimiter"]
    #expect(bucket == ["burst": 400, "qps": 200])
    try world.change(owner) { $0["spec", "tuningPolicy"] = nil }
    _ = try world.settle(reconciler, owner)
    #expect(world.object(kubeVirt)?["spec", "configuration", "handlerConfiguration"] == nil)
  }

  @Test(
    arguments: [
      ["configuration": ["cpuModel": "Haswell"]], ["certificateRotateStrategy": [:]],
      ["nosuch": true],
    ] as [ObjectNode])
  func whatSomebodyEditsIsPutBack(_ edit: ObjectNode) throws {
    var world = try world(["defaultCPUModel": "EPYC"])
    _ = try world.settle(reconciler, owner)
    let wanted = try #require(world.object(kubeVirt)?["spec"])
    try world.change(kubeVirt) { object in
      for entry in edit.entries { object["spec", entry.key] = entry.value }
      object["metadata", "labels", "own"] = "kept"
    }
    let changed = try #require(world.object(kubeVirt))
    #expect(reconciler.keys(concernedBy: kubeVirt, changed, in: world) == [owner])
    let settled = try world.settle(reconciler, owner)
    #expect(settled.events.map(\.reason) == ["Overwritten"])
    #expect(settled.events.map(\.isWarning) == [true])
    #expect(world.object(kubeVirt)?["spec"] == wanted)
    #expect(world.object(kubeVirt)?.label("own") == "kept")
  }

  @Test func onlyTheOperatorsNameIsLookedAt() {
    let other = ObjectKey(.hyperConvergeds, namespace: "openshift-cnv", name: "other")
    #expect(reconciler.keys(concernedBy: other, [:], in: World()).isEmpty)
  }
}

/// A default of the cluster counts from a machine's next start (OpenShift Virtualization 6.13.4).
@Suite struct DefaultModelTests {
  private let reconciler = VirtualMachineReconciler(admit: VirtualMachineReconciler.admitted)
  private let owner = ObjectKey(
    .hyperConvergeds, namespace: "openshift-cnv", name: "kubevirt-hyperconverged")

  private func model(_ world: World) -> String? {
    world.object(instanceKey)?["spec", "domain", "cpu", "model"]?.string
  }

  @Test func aChangedDefaultCountsFromTheNextStart() throws {
    var world = World()
    try world.create(
      owner,
      [
        "apiVersion": "hco.kubevirt.io/v1beta1", "kind": "HyperConverged", "metadata": [:],
        "spec": ["defaultCPUModel": "EPYC"],
      ])
    try world.create(machineKey, machine("Always"))
    _ = try world.settle(reconciler, machineKey)
    #expect(model(world) == "EPYC")
    try world.setPhase(.running)
    try world.change(owner) { $0["spec", "defaultCPUModel"] = "Haswell" }
    _ = try world.settle(reconciler, machineKey)
    #expect(model(world) == "EPYC")
    // The machine itself never gets a model.
    #expect(world.object(machineKey)?["spec", "template", "spec", "domain", "cpu"] == nil)
    let uid = world.object(instanceKey)?.uid
    try world.carryOut(.restart())
    var looks = 0
    while world.object(instanceKey)?.uid == uid, looks < 10 {
      _ = try world.settle(reconciler, machineKey)
      if world.object(instanceKey)?.isBeingDeleted == true {
        try world.setPhase(.succeeded)
        try world.change(instanceKey) { $0.removeFinalizers(Mark.instanceFinalizer) }
      }
      looks += 1
    }
    _ = try world.settle(reconciler, machineKey)
    #expect(model(world) == "Haswell")
  }
}
