import KubeVirt
import Objects
import Testing

@testable import Reconciliation

@Suite struct VirtualMachineInstanceTests {
  private let reconciler = VirtualMachineInstanceReconciler()

  /// An instance of its own with a launcher pod.
  private func scheduling(_ spec: ObjectNode = instanceSpec) throws -> World {
    var world = World()
    try world.create(nodeKey, node())
    try world.create(instanceKey, instance(spec))
    _ = try world.settle(reconciler, instanceKey)
    return world
  }

  private func bound() throws -> World {
    var world = try scheduling()
    _ = try world.settle(Scheduler(), world.pods[0].key)
    return world
  }

  private func running() throws -> World {
    var world = try bound()
    try world.makeReady(world.pods[0].key)
    _ = try world.settle(reconciler, instanceKey)
    try world.setPhase(.running)
    _ = try world.settle(reconciler, instanceKey)
    return world
  }

  @Test func theFinalizerComesBeforeThePod() throws {
    var world = World()
    try world.create(instanceKey, instance())
    let first = try world.look(reconciler, instanceKey)
    #expect(first.creations.isEmpty)
    #expect(world.object(instanceKey)?.finalizers == ["foregroundDeleteVirtualMachine"])
    #expect(world.phase == "Pending")
    let second = try world.settle(reconciler, instanceKey)
    #expect(second.creations == world.pods.map(\.key))
    #expect(second.passes == 1)
    #expect(world.phase == "Scheduling")
  }

  @Test func theLauncherPod() throws {
    let world = try scheduling([
      "domain": ["devices": ["interfaces": [["name": "pxe", "macAddress": "de:00:00:00:00:de"]]]],
      "networks": [["name": "pxe", "multus": ["networkName": "other/pxe-net-conf"]]],
      "nodeSelector": ["zone": "a"], "tolerations": [["operator": "Exists"]],
      "affinity": ["nodeAffinity": .mapping()], "schedulerName": "my-scheduler",
      "terminationGracePeriodSeconds": 60,
    ])
    let (key, pod) = try #require(world.pods.first)
    let uid = try #require(world.object(instanceKey)?.uid)
    #expect(key.name.hasPrefix("virt-launcher-pxe-"))
    #expect(key.name.count == "virt-launcher-pxe-".count + 5)
    #expect(
      pod["metadata", "labels"] == [
        "kubevirt.io": "virt-launcher", "kubevirt.io/created-by": .text(uid),
        "vm.kubevirt.io/name": "pxe", "vmi.kubevirt.io/id": "pxe",
      ])
    #expect(pod.annotation("kubevirt.io/domain") == "pxe")
    #expect(
      pod.annotation("k8s.v1.cni.cncf.io/networks")
        == #"[{"mac":"de:00:00:00:00:de","name":"pxe-net-conf","namespace":"other"}]"#)
    #expect(pod.controller?.uid == uid)
    let spec = try #require(pod["spec"])
    #expect(spec["nodeSelector"] == ["kubevirt.io/schedulable": "true", "zone": "a"])
    #expect(spec["tolerations"] == [["operator": "Exists"]])
    #expect(
      spec["affinity"] == [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": [
            "nodeSelectorTerms": [
              [
                "matchExpressions": [
                  [
                    "key": "node-labeller.kubevirt.io/obsolete-host-model",
                    "operator": "DoesNotExist",
                  ]
                ]
              ]
            ]
          ]
        ]
      ])
    #expect(spec["schedulerName"] == "my-scheduler")
    #expect(spec["terminationGracePeriodSeconds"] == 75)
    #expect(pod["status"] == ["phase": "Pending", "qosClass": "Burstable"])
  }

  @Test func aLongNameIsCut() throws {
    let name = "a.very.long.name." + String(repeating: "x", count: 53)
    var tree = instance()
    tree["metadata", "name"] = .text(name)
    let key = LaunchedPod.key(
      of: ObjectKey(.virtualMachineInstances, namespace: "default", name: name), suffix: "abcde")
    let pod = try LaunchedPod.tree(of: tree, key, in: World()).pod
    #expect(key.name.count == 63 && key.name.hasSuffix("abcde"))
    #expect(pod.label("vm.kubevirt.io/name") == "a")
    let identity = try #require(pod.label("vmi.kubevirt.io/id"))
    #expect(identity.count == 63)
    #expect(identity.hasPrefix("a.very.long.name.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-"))
  }

  @Test func theHandOver() throws {
    var world = try bound()
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.phase == "Scheduling")
    #expect(world.object(instanceKey)?["status", "nodeName"] == nil)
    try world.makeReady(world.pods[0].key)
    let handed = try world.settle(reconciler, instanceKey)
    #expect(handed.passes == 1)
    let instance = try #require(world.object(instanceKey))
    #expect(world.phase == "Scheduled")
    #expect(instance["status", "nodeName"] == "node01")
    #expect(instance.label("kubevirt.io/nodeName") == "node01")
    #expect(
      instance["status", "activePods"]?.entries.map(\.key) == world.pods.map(\.object.uid))
    #expect(instance["status", "qosClass"] == "Burstable")
    #expect(instance.hasCondition("Ready", "False", reason: "GuestNotRunning"))
    #expect(
      instance["status", "phaseTransitionTimestamps"]?.items.map { $0["phase"]?.string }
        == ["Pending", "Scheduling", "Scheduled"])
    try world.setPhase(.running)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey)?.hasCondition("Ready", "True") == true)
  }

  @Test func aPodThatNoNodeFits() throws {
    var world = World()
    try world.create(instanceKey, instance())
    _ = try world.settle(reconciler, instanceKey)
    _ = try world.settle(Scheduler(), world.pods[0].key)
    _ = try world.settle(reconciler, instanceKey)
    let condition = try #require(world.object(instanceKey)?.condition("PodScheduled"))
    #expect(condition["reason"] == "Unschedulable")
    #expect(condition["message"] == "no nodes available to schedule pods")
    #expect(world.phase == "Scheduling")
    // A node comes.
    try world.create(nodeKey, node())
    _ = try world.settle(Scheduler(), world.pods[0].key)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey)?.condition("PodScheduled") == nil)
  }

  @Test func aPodThatFailsBeforeTheHandOver() throws {
    var world = try bound()
    try world.finish(world.pods[0].key, "Failed")
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.phase == "Failed")
    #expect(
      world.object(instanceKey)?.hasCondition("Ready", "False", reason: "PodTerminating") == true)
    // The pod is kept as long as the instance.
    #expect(world.pods.count == 1)
    #expect(world.object(instanceKey)?.finalizers == ["foregroundDeleteVirtualMachine"])
  }

  @Test(arguments: [InstancePhase.scheduling, .scheduled, .running])
  func aPodThatIsLost(phase: InstancePhase) throws {
    var world = try bound()
    let pod = world.pods[0].key
    if phase != .scheduling {
      try world.makeReady(pod)
      _ = try world.settle(reconciler, instanceKey)
      try world.setPhase(phase)
    }
    try world.delete(pod)
    _ = try world.settle(LauncherPodReconciler(), pod)
    // Something of it may run still.
    #expect(world.object(pod) != nil)
    if phase != .scheduling {
      _ = try world.settle(reconciler, instanceKey)
      #expect(world.phase == phase.rawValue)
    }
    try world.finish(pod)
    _ = try world.settle(LauncherPodReconciler(), pod)
    #expect(world.object(pod) == nil)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.phase == "Failed")
    #expect(world.pods.isEmpty)
  }

  @Test func aRunningInstanceThatIsDeleted() throws {
    var world = try running()
    let pod = world.pods[0].key
    try world.delete(instanceKey)
    let deletion = try world.settle(reconciler, instanceKey)
    #expect(deletion.events.map(\.message) == ["Deleted virtual machine pod \(pod.name)"])
    _ = try world.settle(LauncherPodReconciler(), pod)
    #expect(world.object(pod)?.isBeingDeleted == true)
    #expect(world.object(instanceKey)?.isBeingDeleted == true)
    #expect(world.phase == "Running")
    // The agent has stopped the guest.
    try world.setPhase(.succeeded)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey)?.finalizers == ["foregroundDeleteVirtualMachine"])
    try world.finish(pod)
    _ = try world.settle(LauncherPodReconciler(), pod)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey) == nil)
  }

  @Test func anUnboundInstanceThatIsDeletedGoesByItself() throws {
    var world = try scheduling()
    let pod = world.pods[0].key
    try world.delete(instanceKey)
    _ = try world.settle(reconciler, instanceKey)
    _ = try world.settle(LauncherPodReconciler(), pod)
    #expect(world.pods.isEmpty)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey) == nil)
  }

  @Test func anInstanceThatIsDeletedBeforeItHasAPod() throws {
    var world = World()
    try world.create(instanceKey, instance())
    _ = try world.look(reconciler, instanceKey)
    try world.delete(instanceKey)
    _ = try world.settle(reconciler, instanceKey)
    #expect(world.object(instanceKey) == nil)
  }

  @Test func aPodWithoutItsInstanceIsLetGo() throws {
    var world = try running()
    let pod = world.pods[0].key
    // Somebody took the finalizers away.
    try world.change(instanceKey) { $0["metadata", "finalizers"] = nil }
    try world.delete(instanceKey)
    #expect(world.object(instanceKey) == nil)
    #expect(world.object(pod)?.isBeingDeleted == true)
    try world.finish(pod)
    _ = try world.settle(LauncherPodReconciler(), pod)
    #expect(world.pods.isEmpty)
  }

  @Test func keysOfPodsAreTheirInstances() throws {
    let world = try scheduling()
    let (key, pod) = world.pods[0]
    #expect(reconciler.keys(concernedBy: key, pod, in: world) == [instanceKey])
    #expect(reconciler.keys(concernedBy: machineKey, machine("Always"), in: world) == [instanceKey])
    #expect(reconciler.keys(concernedBy: key, node(), in: world).isEmpty)
  }

  /// What KubeVirt's own renderer asks for (v1.9 line, RenderLaunchManifest).
  @Test(
    arguments: [
      (["memory": ["guest": "128Mi"]], "100m", "416Mi", nil),
      (["memory": ["guest": "1Gi"]], "100m", "1312Mi", nil),
      (["resources": ["requests": ["memory": "4Gi"]]], "100m", "4605345793", nil),
      (["resources": ["requests": ["memory": "128Mi"]]], "100m", "426240Ki", nil),
      (
        ["memory": ["guest": "1Gi"], "resources": ["limits": ["memory": "2Gi"]]], "100m", "2336Mi",
        "2336Mi"
      ),
      (["memory": ["guest": "1Gi"], "cpu": ["cores": 4]], "400m", "1336Mi", nil),
      (
        ["memory": ["guest": "1Gi"], "cpu": ["cores": 2, "sockets": 2, "threads": 2]], "800m",
        "1368Mi", nil
      ),
      (["memory": ["guest": "1Gi"], "cpu": ["cores": 12]], "1200m", "1400Mi", nil),
      (
        ["memory": ["guest": "1Gi"], "devices": ["autoattachGraphicsDevice": false]], "100m",
        "1280Mi", nil
      ),
      (["memory": ["guest": "1Gi"], "devices": ["tpm": .mapping()]], "100m", "1365Mi", nil),
      (
        ["memory": ["guest": "1Gi"], "resources": ["overcommitGuestOverhead": true]], "100m", "1Gi",
        nil
      ),
      (["memory": ["guest": "2Gi", "hugepages": ["pageSize": "1Gi"]]], "100m", "288Mi", nil),
    ] as [(ObjectNode, String, String, String?)])
  func resources(domain: ObjectNode, cpu: String, memory: String, limit: String?) throws {
    let pod = try LauncherPod(
      ["spec": ["domain": domain]], in: LauncherPod.Surroundings(cluster: ClusterSettings()))
    let resources = pod.compute
    #expect(resources.requests["cpu"]?.description == cpu)
    #expect(resources.requests["memory"]?.description == memory)
    #expect(resources.requests["ephemeral-storage"]?.description == "50M")
    #expect(resources.limits["memory"]?.description == limit)
  }

  @Test func hostileNumbersOverflowNothing() throws {
    let pod = try LauncherPod(
      [
        "spec": [
          "domain": [
            "cpu": ["cores": .integer(.max), "sockets": .integer(.max), "threads": .integer(.min)],
            "ioThreads": ["supplementalPoolThreadCount": .integer(.max)],
            "resources": ["requests": ["memory": "9223372036854775807"]],
          ]
        ]
      ], in: LauncherPod.Surroundings(cluster: ClusterSettings()))
    #expect(pod.qualityOfService == "Burstable")
  }

  /// KubeVirt takes it, the API server does not take the pod.
  @Test func aPodThatTheAPIServerRefuses() throws {
    var world = World()
    try world.create(
      instanceKey,
      instance([
        "domain": ["devices": .mapping(), "memory": ["guest": "1Gi"]],
        "tolerations": [["operator": "Equal", "value": "v"]],
      ]))
    let settled = try world.settle(reconciler, instanceKey)
    #expect(world.pods.isEmpty)
    #expect(world.phase == "Pending")
    let condition = try #require(world.object(instanceKey)?.condition("Synchronized"))
    #expect(condition["status"] == "False" && condition["reason"] == "FailedCreate")
    let refusal =
      "is invalid: spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be"
    #expect(condition["message"]?.string?.contains(refusal) == true)
    let message = try #require(condition["message"]?.string)
    #expect(message.hasPrefix("failed to create virtual machine pod: Pod \"virt-launcher-pxe-"))
    #expect(settled.events.map(\.reason) == ["FailedCreate"])
    #expect(settled.events.first?.message.hasPrefix("Error creating pod: Pod ") == true)
  }
}
