import Objects
import Testing

@testable import Reconciliation

@Suite struct LabTests {
  // MARK: - Nodes

  private func leased(_ age: Int, ready: String? = "True") throws -> World {
    var world = World()
    var tree = node()
    tree["status", "conditions"] = ready.map {
      [["type": "Ready", "status": .text($0), "lastHeartbeatTime": "2025-11-29T18:00:00Z"]]
    }
    try world.create(nodeKey, tree)
    let renewed = world.now + -age
    try world.create(
      ObjectKey(.leases, namespace: "kube-node-lease", name: "node01"),
      [
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .mapping(),
        "spec": ["renewTime": .text("\(renewed.description.dropLast()).123456Z")],
      ])
    return world
  }

  @Test(arguments: [(0, 41), (1, 40), (40, 1), (-100, 41)])
  func aLeaseThatHolds(age: Int, after: Int) throws {
    var world = try leased(age)
    let settled = try world.settle(NodeLifecycle(), nodeKey)
    #expect(settled.passes == 0)
    #expect(settled.after == .seconds(after))
  }

  @Test(
    arguments: [
      ("True", "NodeStatusUnknown", "Kubelet stopped posting node status."),
      ("False", "NodeStatusUnknown", "Kubelet stopped posting node status."),
      (nil, "NodeStatusNeverUpdated", "Kubelet never posted node status."),
    ] as [(String?, String, String)])
  func aLeaseThatIsOver(ready: String?, reason: String, message: String) throws {
    var world = try leased(41, ready: ready)
    let settled = try world.settle(NodeLifecycle(), nodeKey)
    let condition = try #require(world.object(nodeKey)?.condition("Ready"))
    #expect(condition["status"] == "Unknown")
    #expect(condition["reason"]?.string == reason && condition["message"]?.string == message)
    #expect(condition["lastHeartbeatTime"]?.string == ready.map { _ in "2025-11-29T18:00:00Z" })
    #expect(settled.events.map(\.message) == ["Node node01 status is now: NodeNotReady"])
    #expect(settled.after == nil)
  }

  @Test func aNodeWithoutALeaseCountsFromItsMaking() throws {
    var world = World()
    try world.create(nodeKey, node())
    #expect(try world.settle(NodeLifecycle(), nodeKey).after == .seconds(41))
    world.now = world.now + 41
    _ = try world.settle(NodeLifecycle(), nodeKey)
    #expect(world.object(nodeKey)?.hasCondition("Ready", "Unknown") == true)
  }

  @Test func theGracePeriodMayBeAnother() throws {
    var world = try leased(6)
    _ = try world.settle(NodeLifecycle(gracePeriod: 5), nodeKey)
    #expect(world.object(nodeKey)?.hasCondition("Ready", "Unknown") == true)
  }

  // MARK: - The lab

  private func lab(_ states: [(String, String, String?)]) throws -> World {
    var world = World()
    try world.create(labKey, ["kind": "Lab", "metadata": .mapping()])
    for (index, (title, state, message)) in states.enumerated() {
      var status: ObjectNode = ["state": .text(state)]
      status["message"] = message.map { .text($0) }
      try world.create(
        ObjectKey(.parts, namespace: "pxelab", name: "part-\(index)"),
        [
          "kind": "Part", "metadata": .mapping(), "spec": ["title": .text(title)], "status": status,
        ])
    }
    return world
  }

  @Test(
    arguments: [
      ([], "True", "False", ""),
      ([("libvirtd", "running", nil)], "True", "False", ""),
      ([("libvirtd", "starting", nil)], "False", "False", "libvirtd: starting"),
      (
        [("dnsmasq of pxe", "restarting", "killed by SIGKILL"), ("libvirtd", "running", nil)],
        "True", "True", "dnsmasq of pxe: restarting (killed by SIGKILL)"
      ),
      ([("a", "hung", nil), ("b", "ended", nil)], "True", "True", "a: hung; b: ended"),
      ([("a", "failed", nil)], "False", "True", "a: failed"),
    ] as [([(String, String, String?)], String, String, String)])
  func parts(
    states: [(String, String, String?)], available: String, degraded: String, message: String
  ) throws {
    var world = try lab(states)
    #expect(try world.settle(LabReconciler(), labKey).passes == 1)
    let lab = try #require(world.object(labKey))
    #expect(lab.hasCondition("Available", available))
    #expect(lab.hasCondition("Degraded", degraded))
    let type = degraded == "True" ? "Degraded" : "Available"
    #expect(lab.condition(type)?["message"]?.string ?? "" == message)
  }

  @Test func aSilentNodeDegrades() throws {
    var world = try lab([("libvirtd", "running", nil)])
    var silent = node()
    silent["status", "conditions"] = [
      ["type": "Ready", "status": "Unknown", "message": "Kubelet stopped posting node status."]
    ]
    try world.create(nodeKey, silent)
    _ = try world.settle(LabReconciler(), labKey)
    #expect(
      world.object(labKey)?.condition("Degraded")?["message"]
        == "node node01: Kubelet stopped posting node status.")
  }

  @Test func itStartsUntilItsMachinesRun() throws {
    var world = try lab([])
    func phase() throws -> String? {
      _ = try world.settle(LabReconciler(), labKey)
      return world.object(labKey)?["status", "phase"]?.string
    }
    #expect(try phase() == "running")
    try world.create(machineKey, machine("Always"))
    #expect(try phase() == "starting")
    _ = try world.settle(VirtualMachineReconciler(), machineKey)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    #expect(try phase() == "starting")
    // No node: that is for a person to change.
    _ = try world.settle(Scheduler(), world.pods[0].key)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    #expect(try phase() == "running")
    try world.create(nodeKey, node())
    _ = try world.settle(Scheduler(), world.pods[0].key)
    _ = try world.settle(VirtualMachineInstanceReconciler(), instanceKey)
    #expect(try phase() == "starting")
    try world.setPhase(.running)
    #expect(try phase() == "running")
  }

  // MARK: - What expires

  @Test func operationsExpireAMinuteAfterTheirEnd() throws {
    var world = World()
    let key = ObjectKey(.operations, namespace: "pxelab", name: "reset-1")
    try world.create(key, ["kind": "Operation", "metadata": .mapping()])
    let expiry = Expiry()
    #expect(try world.settle(expiry, key).after == nil)
    let end = world.now
    try world.change(key) { $0["status", "completionTime"] = .text("\(end)") }
    #expect(try world.settle(expiry, key).after == .seconds(61))
    world.now = world.now + 60
    #expect(try world.settle(expiry, key).after == .seconds(1))
    world.now = world.now + 1
    _ = try world.settle(expiry, key)
    #expect(world.object(key) == nil)
  }

  @Test(
    arguments: [
      ["lastTimestamp": "2025-11-29T18:13:48Z"], ["eventTime": "2025-11-29T18:13:48.980946Z"],
      [
        "lastTimestamp": "2025-11-29T17:00:00Z",
        "series": ["lastObservedTime": "2025-11-29T18:13:48Z"],
      ],
      .mapping(),
    ] as [ObjectNode])
  func eventsExpireAfterAnHour(event: ObjectNode) throws {
    var world = World()
    let key = ObjectKey(.events, namespace: "default", name: "e")
    var event = event
    event["metadata"] = .mapping()
    try world.create(key, event)
    #expect(try world.settle(Expiry(), key).after == .seconds(3601))
    world.now = world.now + 3601
    _ = try world.settle(Expiry(), key)
    #expect(world.object(key) == nil)
  }
}
