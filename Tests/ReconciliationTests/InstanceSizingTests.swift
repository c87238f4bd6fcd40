import Objects
import Testing

@testable import Reconciliation

/// Instance types and preferences that machines name, as virt-controller applies them to instances.
@Suite struct InstanceSizingTests {
  private let reconciler = VirtualMachineReconciler()

  private static func key(_ kind: String, _ name: String, namespace: String = "") -> ObjectKey {
    ObjectKey(
      GroupResource("virtualmachine\(kind)", group: "instancetype.kubevirt.io"),
      namespace: namespace, name: name)
  }

  private static let small = key("clusterinstancetypes", "small")
  private static let own = key("instancetypes", "own", namespace: "default")
  private static let linux = key("preferences", "linux", namespace: "default")

  private static func object(_ kind: String, _ spec: ObjectNode) -> ObjectNode {
    [
      "apiVersion": "instancetype.kubevirt.io/v1beta1", "kind": .text("VirtualMachine\(kind)"),
      "metadata": .mapping(), "spec": spec,
    ]
  }

  private static let size: ObjectNode = [
    "cpu": ["guest": 2], "memory": ["guest": "2Gi"], "annotations": ["a": "b"],
  ]

  private static func sized(
    _ references: [String: ObjectNode], spec: ObjectNode = ["domain": ["devices": .mapping()]],
    strategy: String = "Always"
  ) -> ObjectNode {
    var tree = machine(strategy)
    tree["spec", "template", "spec"] = spec
    for (field, reference) in references { tree["spec", field] = reference }
    return tree
  }

  @Test func theInstanceHasWhatTheMachineNames() throws {
    var world = World()
    try world.create(Self.small, Self.object("ClusterInstancetype", Self.size))
    try world.create(
      Self.linux,
      Self.object(
        "Preference",
        [
          "cpu": ["preferredCPUTopology": "cores"],
          "firmware": ["preferredEfi": ["secureBoot": false]],
        ]))
    try world.create(
      machineKey,
      Self.sized([
        "instancetype": ["name": "small"],
        "preference": ["name": "linux", "kind": "VirtualMachinePreference"],
      ]))
    _ = try world.settle(reconciler, machineKey)
    let instance = try #require(world.object(instanceKey))
    let domain = try #require(instance["spec", "domain"])
    #expect(domain["memory", "guest"] == "2Gi")
    #expect(domain["cpu"]?.canonical == ["cores": 2, "sockets": 1, "threads": 1])
    #expect(domain["firmware", "bootloader", "efi", "secureBoot"] == false)
    let annotations = instance["metadata", "annotations"]
    #expect(annotations?["kubevirt.io/cluster-instancetype-name"] == "small")
    #expect(annotations?["kubevirt.io/preference-name"] == "linux")
    #expect(annotations?["a"] == "b" && annotations?["note"] == "kept")
    // The machine keeps what it says.
    let template = try #require(world.object(machineKey)?["spec", "template", "spec"])
    #expect(template == ["domain": ["devices": .mapping()]])
    #expect(world.object(machineKey)?.hasCondition("RestartRequired", "True") == false)
  }

  @Test(
    arguments: [
      (
        ["instancetype": ["name": "small"]], "FailedFindInstancetype",
        "virtualmachineclusterinstancetypes.instancetype.kubevirt.io \"small\" not found"
      ),
      (
        ["instancetype": ["name": "own", "kind": "VirtualMachineInstancetype"]],
        "FailedFindInstancetype",
        "virtualmachineinstancetypes.instancetype.kubevirt.io \"own\" not found"
      ),
      (
        ["preference": ["name": "linux"]], "FailedFindPreference",
        "virtualmachineclusterpreferences.instancetype.kubevirt.io \"linux\" not found"
      ),
      (
        ["instancetype": ["name": "x", "kind": "Nosuch"]], "FailedFindInstancetype",
        "got unexpected kind in InstancetypeMatcher: Nosuch"
      ),
    ] as [([String: ObjectNode], String, String)])
  func whatIsMissingIsSaid(
    _ references: [String: ObjectNode], _ reason: String, _ message: String
  ) throws {
    for strategy in ["Always", "Halted"] {
      var world = World()
      // Another namespace's is not this one's.
      try world.create(
        Self.key("instancetypes", "own", namespace: "other"),
        Self.object("Instancetype", Self.size))
      try world.create(machineKey, Self.sized(references, strategy: strategy))
      _ = try world.settle(reconciler, machineKey)
      #expect(world.object(instanceKey) == nil)
      let failure = try #require(world.object(machineKey)?.condition("Failure"))
      #expect(failure["reason"]?.string == reason && failure["message"]?.string == message)
    }
  }

  /// What it was made by may be gone when it is to stop.
  @Test func aMachineStopsWithoutWhatItNames() throws {
    var world = World()
    let reference: ObjectNode = ["name": "own", "kind": "virtualmachineinstancetypes"]
    try world.create(Self.own, Self.object("Instancetype", Self.size))
    try world.create(machineKey, Self.sized(["instancetype": reference]))
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey) != nil)
    try world.delete(Self.own)
    try world.change(machineKey) { $0["spec", "runStrategy"] = "Halted" }
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey)?.isBeingDeleted != false)
  }

  @Test func aMachineStartsWhenWhatItNamesIsMade() throws {
    var world = World()
    let reference: ObjectNode = ["name": "own", "kind": "virtualmachineinstancetypes"]
    try world.create(machineKey, Self.sized(["instancetype": reference]))
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey) == nil)
    try world.create(Self.own, Self.object("Instancetype", Self.size))
    let made = try #require(world.object(Self.own))
    #expect(reconciler.keys(concernedBy: Self.own, made, in: world) == [machineKey])
    for other in [Self.small, Self.linux, Self.key("instancetypes", "own", namespace: "other")] {
      #expect(reconciler.keys(concernedBy: other, made, in: world).isEmpty)
    }
    _ = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey)?["spec", "domain", "memory", "guest"] == "2Gi")
    #expect(world.object(machineKey)?.condition("Failure") == nil)
  }

  @Test func whatBothSayIsRefused() throws {
    var world = World()
    try world.create(Self.own, Self.object("Instancetype", Self.size))
    try world.create(
      machineKey,
      Self.sized(
        ["instancetype": ["name": "own", "kind": "VirtualMachineInstancetype"]],
        spec: ["domain": ["cpu": ["cores": 4], "memory": ["guest": "1Gi"]]]))
    let settled = try world.settle(reconciler, machineKey)
    #expect(world.object(instanceKey) == nil)
    let reason =
      "VMI conflicts with instancetype spec in fields: [spec.domain.cpu.cores, "
      + "spec.domain.memory.guest]"
    let failure = try #require(world.object(machineKey)?.condition("Failure"))
    #expect(failure["message"]?.string == "Failure while starting VMI: \(reason)")
    #expect(failure["reason"]?.string == "FailedCreate")
    #expect(
      settled.events.map(\.message) == [
        "Error creating virtual machine instance: Failed to apply instancetype: \(reason)"
      ])
  }
}
