import Objects
import Testing

@testable import Reconciliation

@Suite struct VirtualMachineTests {
  private let reconciler = VirtualMachineReconciler()

  private func started(_ requests: ObjectNode...) throws -> World {
    var world = World()
    try world.create(machineKey, machine(requests.isEmpty ? "Always" : "Manual"))
    for request in requests { try world.request(request) }
    _ = try world.settle(reconciler, machineKey)
    return world
  }

  @Test func theInstanceIsTheTemplates() throws {
    let world = try started()
    let machine = try #require(world.object(machineKey))
    let instance = try #require(world.object(instanceKey))
    #expect(instance["spec"] == instanceSpec)
    #expect(instance["metadata", "labels"] == ["app": "pxe"])
    #expect(
      instance["metadata", "annotations"] == ["kubevirt.io/vm-generation": "1", "note": "kept"])
    #expect(
      instance["metadata", "ownerReferences"] == [
        [
          "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine", "name": "pxe",
          "uid": .text(machine.uid), "controller": true, "blockOwnerDeletion": true,
        ]
      ])
    #expect(
      instance.finalizers == [
        "kubevirt.io/virtualMachineControllerFinalize", "foregroundDeleteVirtualMachine",
      ])
    #expect(instance["status", "phase"] == "Pending")
    #expect(machine.finalizers == ["kubevirt.io/virtualMachineControllerFinalize"])
  }

  @Test func theStatusOfAStart() throws {
    let world = try started()
    let status = try #require(world.object(machineKey)?["status"])
    #expect(
      status == [
        "created": true, "printableStatus": "Starting", "runStrategy": "Always",
        "observedGeneration": 1, "desiredGeneration": 1,
        "conditions": [
          [
            "type": "Ready", "status": "False", "reason": "VMIConditionMissing",
            "message": "VMI is missing the Ready condition",
            "lastProbeTime": "2025-11-29T18:13:48Z", "lastTransitionTime": "2025-11-29T18:13:48Z",
          ]
        ],
      ])
  }

  @Test func conditionsAreTheInstances() throws {
    var world = try started()
    try world.setPhase(.running)
    try world.change(instanceKey) { instance in
      instance.setCondition(["type": "Ready", "status": "True"])
      instance.setCondition(["type": "Paused", "status": "True", "reason": "PausedByUser"])
    }
    _ = try world.settle(reconciler, machineKey)
    let machine = try #require(world.object(machineKey))
    #expect(machine["status", "ready"] == true)
    #expect(machine["status", "printableStatus"] == "Paused")
    #expect(machine.hasCondition("Paused", "True", reason: "PausedByUser"))
    try world.change(instanceKey) { $0.removeCondition("Paused") }
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(machineKey)?.condition("Paused") == nil)
    #expect(world.status == "Running")
  }

  @Test func eventsAreKubeVirts() throws {
    var world = World()
    try world.create(machineKey, machine("Always"))
    let start = try world.settle(reconciler, machineKey)
    let uid = try #require(world.object(instanceKey)?.uid)
    try world.change(machineKey) { $0["spec", "runStrategy"] = "Halted" }
    let stop = try world.settle(reconciler, machineKey)
    #expect(
      (start.events + stop.events).map { "\($0.reason): \($0.message)" } == [
        "SuccessfulCreate: Started the virtual machine by creating the new virtual machine"
          + " instance pxe",
        "SuccessfulDelete: Stopped the virtual machine by deleting the virtual machine instance"
          + " \(uid)",
      ])
    #expect((start.events + stop.events).allSatisfy { $0.source == "virtualmachine-controller" })
  }

  @Test func aStartMayBePausedAndBootOnceFromElsewhere() throws {
    var world = try started(
      ["action": "Start", "data": ["paused": "true", "pxelab.dev/boot-once": "pxe-net"]])
    let first = try #require(world.object(instanceKey))
    #expect(first["spec", "startStrategy"] == "Paused")
    #expect(first.annotation("pxelab.dev/boot-once") == "pxe-net")
    #expect(world.object(machineKey)?["spec", "template", "spec", "startStrategy"] == nil)

    // The next one boots as ever.
    try world.request(["action": "Stop", "uid": .text(first.uid)], ["action": "Start"])
    _ = try world.settle(reconciler, machineKey)
    try world.setPhase(.succeeded)
    _ = try world.settle(reconciler, machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    #expect(world.object(instanceKey) == nil)
    _ = try world.settle(reconciler, machineKey)
    let second = try #require(world.object(instanceKey))
    #expect(second.uid != first.uid)
    #expect(second.annotation("pxelab.dev/boot-once") == nil)
    #expect(second["spec", "startStrategy"] == nil)
  }

  @Test func aRefusedInstanceIsSaidOnce() throws {
    let refusing = VirtualMachineReconciler { _, _ in .failure(InstanceRefusal("no memory")) }
    var world = World()
    try world.create(machineKey, machine("Always"))
    let first = try world.settle(refusing, machineKey)
    #expect(first.events.map(\.reason) == ["FailedCreate"])
    #expect(first.events.map(\.message) == ["Error creating virtual machine instance: no memory"])
    #expect(first.events.map(\.isWarning) == [true])
    let failure = try #require(world.object(machineKey)?.condition("Failure"))
    #expect(failure["reason"] == "FailedCreate")
    #expect(failure["message"] == "Failure while starting VMI: no memory")
    #expect(try world.settle(refusing, machineKey).passes == 0)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(machineKey)?.condition("Failure") == nil)
  }

  @Test func anothersInstanceIsLeftAlone() throws {
    var world = World()
    var stranger = instance()
    stranger["metadata", "ownerReferences"] = [
      [
        "apiVersion": "v1", "kind": "Other", "name": "x", "uid": "u", "controller": true,
      ]
    ]
    // Its owner must be there, or the store's garbage collection takes it.
    try world.create(
      ObjectKey(GroupResource("others"), namespace: "default", name: "x"),
      ["apiVersion": "v1", "kind": "Other", "metadata": .mapping()])
    let uid = world.object(ObjectKey(GroupResource("others"), namespace: "default", name: "x"))?.uid
    stranger["metadata", "ownerReferences"] = [
      [
        "apiVersion": "v1", "kind": "Other", "name": "x", "uid": .text(uid ?? ""),
        "controller": true,
      ]
    ]
    try world.create(instanceKey, stranger)
    let before = try #require(world.object(instanceKey))
    try world.create(machineKey, machine("Always"))
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey) == before)
    #expect(
      world.object(machineKey)?.condition("Failure")?["message"]
        == "Failure while starting VMI: virtualmachineinstances.kubevirt.io \"pxe\" already exists")
    #expect(world.object(machineKey)?["status", "created"] == nil)
  }

  @Test func anInstanceOfNobodyIsTaken() throws {
    var world = World()
    try world.create(instanceKey, instance())
    try world.create(machineKey, machine("Always"))
    let settled = try world.settle(reconciler, machineKey)
    #expect(!settled.creations.contains(instanceKey))
    #expect(world.object(instanceKey)?.controller?.uid == world.object(machineKey)?.uid)
    #expect(world.object(machineKey)?["status", "created"] == true)
  }

  @Test func dataVolumesAreMadeOfTheirTemplates() throws {
    var world = World()
    var tree = machine("Halted")
    tree["spec", "dataVolumeTemplates"] = [
      ["metadata": ["name": "disk", "labels": ["a": "b"]], "spec": ["storage": .mapping()]],
      ["metadata": ["name": "disk"], "spec": .mapping()], ["spec": .mapping()],
    ]
    try world.create(machineKey, tree)
    let settled = try world.settle(reconciler, machineKey)
    #expect(settled.events.map(\.message) == ["Created DataVolume disk"])
    let uid = try #require(world.object(machineKey)?.uid)
    let volumes = world.objects(of: .dataVolumes, namespace: "default")
    #expect(volumes.map(\.key.name) == ["disk"])
    #expect(volumes[0].object["spec"] == ["storage": .mapping()])
    #expect(
      volumes[0].object["metadata", "labels"] == ["a": "b", "kubevirt.io/created-by": .text(uid)])
    // They go with the machine.
    try world.delete(machineKey)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.objects(of: .dataVolumes, namespace: nil).isEmpty)
  }

  // MARK: - Changes of the template

  @Test func anotherTemplateAsksForARestart() throws {
    var world = try started()
    try world.setPhase(.running)
    try world.change(machineKey) { $0["spec", "template", "spec", "domain", "memory"] = nil }
    _ = try world.settle(reconciler, machineKey)
    var machine = try #require(world.object(machineKey))
    let condition = try #require(machine.condition("RestartRequired"))
    #expect(condition["status"] == "True")
    #expect(
      condition["message"] == "a non-live-updatable field was changed in the template spec")
    #expect(machine["status", "observedGeneration"] == 1)
    #expect(machine["status", "desiredGeneration"] == 2)

    // Back again, and of the newest generation.
    try world.change(machineKey) { $0["spec", "template", "spec"] = instanceSpec }
    _ = try world.settle(reconciler, machineKey)
    machine = try #require(world.object(machineKey))
    #expect(machine.condition("RestartRequired") == nil)
    #expect(machine["status", "observedGeneration"] == 3)
    #expect(world.object(instanceKey)?.annotation("kubevirt.io/vm-generation") == "3")
  }

  @Test func aRestartTakesTheNewTemplate() throws {
    var world = try started()
    try world.setPhase(.running)
    try world.change(machineKey) { $0["spec", "template", "spec", "hostname"] = "other" }
    _ = try world.settle(reconciler, machineKey)
    try world.setPhase(.succeeded)
    _ = try world.settle(reconciler, machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey)?["spec", "hostname"] == "other")
    #expect(world.object(machineKey)?.condition("RestartRequired") == nil)
    #expect(world.object(machineKey)?["status", "observedGeneration"] == 2)
    // The old revision is forgotten.
    let uid = try #require(world.object(machineKey)?.uid)
    #expect(
      world.objects(of: .controllerRevisions, namespace: nil).map(\.key.name)
        == ["revision-start-vm-\(uid)-2"])
  }

  // MARK: - Failures and deletion

  @Test func startsThatFailAreDelayedMoreAndMore() throws {
    var world = World()
    try world.create(machineKey, machine("Always"))
    var delays: [Int] = []
    for _ in 0..<7 {
      let started = try world.settle(reconciler, machineKey)
      #expect(started.creations.contains(instanceKey))
      try world.setPhase(.failed)
      _ = try world.settle(reconciler, machineKey)
      _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
      let waiting = try world.settle(reconciler, machineKey)
      #expect(world.status == "CrashLoopBackOff")
      let delay = Int(try #require(waiting.after).components.seconds)
      delays.append(delay)
      // A second too early is too early.
      world.now = world.now + (delay - 1)
      let early = try world.settle(reconciler, machineKey)
      #expect(early.creations.isEmpty && early.after == .seconds(1))
      world.now = world.now + 1
    }
    #expect(delays == [10, 40, 90, 160, 250, 300, 300])
    #expect(
      world.object(machineKey)?["status", "startFailure", "consecutiveFailCount"] == 7)

    // One that runs is the end of it.
    _ = try world.settle(reconciler, machineKey)
    try world.setPhase(.running)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(machineKey)?["status", "startFailure"] == nil)
  }

  @Test func aClockThatWasSetBackHoldsNoMachineForLong() {
    var machine = machine("Always")
    machine["status", "startFailure", "retryAfterTimestamp"] = "2099-01-01T00:00:00Z"
    #expect(
      StartFailure.secondsLeft(of: machine, at: Timestamp(seconds: 1_764_440_028)) == 300)
  }

  @Test func aMachineGoesAfterItsInstance() throws {
    var world = try started()
    try world.setPhase(.running)
    try world.delete(machineKey)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.status == "Terminating")
    #expect(world.object(instanceKey)?.isBeingDeleted == true)
    try world.setPhase(.succeeded)
    _ = try world.settle(reconciler, machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    #expect(world.object(instanceKey) == nil)
    #expect(world.object(machineKey) != nil)
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(machineKey) == nil)
    #expect(world.objects(of: .controllerRevisions, namespace: nil).isEmpty)
  }

  @Test func keysOfItsOwnAndOfItsInstance() {
    let world = World()
    #expect(reconciler.keys(concernedBy: machineKey, machine("Always"), in: world) == [machineKey])
    #expect(reconciler.keys(concernedBy: instanceKey, instance(), in: world) == [machineKey])
    #expect(reconciler.keys(concernedBy: nodeKey, node(), in: world).isEmpty)
  }
}
