import Logging
import Objects
import Reconciliation
import Store
import Testing

@testable import Controllers

@Suite(.timeLimit(.minutes(5))) struct ControllersTests {
  private static let machine = ObjectKey(.virtualMachines, namespace: "default", name: "pxe")
  private static let instance = ObjectKey(
    .virtualMachineInstances, namespace: "default", name: "pxe")
  private static let pods = GroupResource("pods")
  private static let events = GroupResource("events")
  private static let node = ObjectKey(GroupResource("nodes"), namespace: "", name: "node01")

  private static let machineTree: ObjectNode = [
    "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine", "metadata": .mapping(),
    "spec": [
      "runStrategy": "Always",
      "template": ["spec": ["domain": ["memory": ["guest": "1Gi"]]]],
    ],
  ]

  private static let nodeTree: ObjectNode = [
    "apiVersion": "v1", "kind": "Node",
    "metadata": ["labels": ["kubevirt.io/schedulable": "true"]], "spec": .mapping(),
    "status": ["conditions": [["type": "Ready", "status": "True"]]],
  ]

  /// Runs all controllers of a store while a test does something.
  private func withControllers(
    _ store: Store, clock: ManualClock = ManualClock(),
    admit: @escaping VirtualMachineReconciler.Admission = { instance, _ in .success(instance) },
    _ body: () async throws -> Void
  ) async throws {
    let namespace = ObjectKey(GroupResource("namespaces"), namespace: "", name: "default")
    if await store.get(namespace) == nil {
      try await store.create(namespace, ["apiVersion": "v1", "kind": "Namespace"])
    }
    let controllers = LabControllers(
      store: store, clock: clock, logger: Logger(label: "test") { _ in SilentLog() }, admit: admit)
    let task = Task { await controllers.run() }
    do {
      try await body()
    } catch {
      task.cancel()
      await task.value
      throw error
    }
    task.cancel()
    await task.value
  }

  private struct SilentLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.critical
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
  }

  private func pod(_ store: Store) async -> (key: ObjectKey, object: StoredObject)? {
    await store.list(Self.pods).items.first
  }

  /// Changes an object as an agent does: again when somebody else was faster.
  private func change(
    _ store: Store, _ key: ObjectKey, status: StatusWrites = .together,
    _ change: (inout ObjectNode) -> Void
  ) async throws {
    while true {
      guard var tree = await store.get(key)?.tree else { return }
      change(&tree)
      do {
        try await store.update(key, tree, status: status)
        return
      } catch .conflict {
        continue
      }
    }
  }

  private func runGuest(_ store: Store) async throws {
    await until { await pod(store)?.object.tree["spec", "nodeName"] != nil }
    let key = try #require(await pod(store)?.key)
    try await change(store, key) { pod in
      pod["status", "phase"] = "Running"
      pod["status", "containerStatuses"] = [["name": "compute", "state": ["running": .mapping()]]]
    }
    await until { await phase(store) == "Scheduled" }
    try await change(store, Self.instance) {
      $0.setPhase("Running", at: Timestamp(seconds: 1_764_440_028))
    }
  }

  private func phase(_ store: Store) async -> String? {
    await store.get(Self.instance)?.tree["status", "phase"]?.string
  }

  private func printable(_ store: Store) async -> String? {
    await store.get(Self.machine)?.tree["status", "printableStatus"]?.string
  }

  /// Waits until no controller has anything to do.
  private func settled(
    _ store: Store,
    admit: @escaping VirtualMachineReconciler.Admission = { instance, _ in .success(instance) }
  ) async {
    let reconcilers = LabControllers.reconcilers(admit, nodeGracePeriod: 40)
    let moment = Moment(now: ManualClock().now, nameSuffix: { "xxxxx" })
    await until {
      let table = await store.snapshot
      return table.resources.allSatisfy { resource in
        table.objects(of: resource).allSatisfy { key, object in
          reconcilers.allSatisfy { reconciler in
            reconciler.keys(concernedBy: key, object.tree, in: table).allSatisfy {
              reconciler.reconcile($0, in: table, at: moment).changes.isEmpty
            }
          }
        }
      }
    }
  }

  @Test func fromAMachineToABoundPod() async throws {
    let store = Store()
    try await withControllers(store) {
      try await store.create(Self.node, Self.nodeTree, status: .together)
      try await store.create(Self.machine, Self.machineTree)
      try await runGuest(store)
      await until { await printable(store) == "Running" }
      let found = try #require(await pod(store)?.object)
      #expect(found.tree["spec", "nodeName"] == "node01")
      #expect(await store.get(Self.instance)?.tree["status", "nodeName"] == "node01")

      // Everything is told once, an event after the change that it is about.
      await settled(store)
      await until { await store.list(Self.events).items.count >= 3 }
      let told = await store.list(Self.events).items.map(\.object.tree)
      #expect(
        told.compactMap { $0["reason"]?.string }.sorted()
          == ["Scheduled", "SuccessfulCreate", "SuccessfulCreate"])
      #expect(told.allSatisfy { $0["count"] == 1 })
      #expect(await store.list(Self.pods).items.count == 1)
    }
  }

  @Test func controllersThatBeginAnewWriteNothing() async throws {
    let store = Store()
    try await store.create(Self.node, Self.nodeTree, status: .together)
    try await store.create(Self.machine, Self.machineTree)
    try await withControllers(store) {
      try await runGuest(store)
      await until { await printable(store) == "Running" }
      await settled(store)
    }
    let before = await store.snapshot
    try await withControllers(store) {
      // When they have come to a new machine's pod, they have been at all that was there before.
      try await store.create(
        ObjectKey(.virtualMachines, namespace: "default", name: "zzz"), Self.machineTree)
      await until {
        await store.list(Self.pods).items.contains {
          $0.object.tree["metadata", "labels", "vm.kubevirt.io/name"] == "zzz"
            && $0.object.tree["spec", "nodeName"] != nil
        }
      }
    }
    let after = await store.snapshot
    for resource in before.resources {
      for (key, object) in before.objects(of: resource) { #expect(after[key] == object) }
    }
  }

  @Test func aMachineIsDeletedInTheForeground() async throws {
    let store = Store()
    try await withControllers(store) {
      try await store.create(Self.node, Self.nodeTree, status: .together)
      try await store.create(Self.machine, Self.machineTree)
      try await runGuest(store)
      await until { await printable(store) == "Running" }
      try await store.delete(Self.machine, propagation: .foreground)
      await until { await pod(store)?.object.isBeingDeleted == true }
      // It waits for the guest.
      #expect(await store.get(Self.machine) != nil)
      #expect(await store.get(Self.instance)?.isBeingDeleted == true)
      try await change(store, Self.instance) {
        $0.setPhase("Succeeded", at: Timestamp(seconds: 1_764_440_028))
      }
      #expect(await store.get(Self.instance) != nil)
      let key = try #require(await pod(store)?.key)
      try await change(store, key) { $0["status", "phase"] = "Succeeded" }
      await until { await store.get(Self.machine) == nil }
      #expect(await store.get(Self.instance) == nil)
      #expect(await pod(store) == nil)
    }
  }

  @Test func aStartThatFailedIsTakenUpWhenItsTimeHasCome() async throws {
    let store = Store()
    let clock = ManualClock()
    try await withControllers(store, clock: clock) {
      try await store.create(Self.node, Self.nodeTree, status: .together)
      try await store.create(Self.machine, Self.machineTree)
      await until { await pod(store)?.object.tree["spec", "nodeName"] != nil }
      let key = try #require(await pod(store)?.key)
      try await change(store, key) { $0["status", "phase"] = "Failed" }
      await until { await printable(store) == "CrashLoopBackOff" }
      await until { await store.get(Self.instance) == nil && clock.sleeps.contains(.seconds(10)) }
      clock.advance(by: .seconds(10))
      await until { await store.get(Self.instance) != nil }
      await until { await pod(store).map { $0.key != key } == true }
    }
  }

  @Test func aNodeThatFallsSilent() async throws {
    let store = Store()
    let clock = ManualClock()
    try await withControllers(store, clock: clock) {
      try await store.create(Self.node, Self.nodeTree, status: .together)
      try await store.create(
        ObjectKey(
          GroupResource("leases", group: "coordination.k8s.io"), namespace: "kube-node-lease",
          name: "node01"),
        ["kind": "Lease", "metadata": .mapping(), "spec": ["renewTime": .text("\(clock.now)")]])
      await until { clock.sleeps.contains(.seconds(41)) }
      clock.advance(by: .seconds(41))
      await until {
        await store.get(Self.node)?.tree["status", "conditions"]?.items.first?["reason"]
          == "NodeStatusUnknown"
      }
    }
  }

  @Test func whatTheAPIRefusesIsSaidByTheMachine() async throws {
    let store = Store()
    try await withControllers(store, admit: { _, _ in .failure(InstanceRefusal("no memory")) }) {
      try await store.create(Self.machine, Self.machineTree)
      await until {
        await store.get(Self.machine)?.tree["status", "conditions"]?.items.contains {
          $0["type"] == "Failure"
        } == true
      }
      await settled(store, admit: { _, _ in .failure(InstanceRefusal("no memory")) })
      // An event is told after the change that it is about.
      await until { await !store.list(Self.events).items.isEmpty }
      #expect(await store.get(Self.instance) == nil)
      #expect(
        await store.list(Self.events).items.map(\.object.tree["reason"]) == ["FailedCreate"])
    }
  }

  @Test func runsEndWithTheStore() async throws {
    let store = Store()
    let controllers = LabControllers(
      store: store, clock: ManualClock(), logger: Logger(label: "test") { _ in SilentLog() },
      admit: { instance, _ in .success(instance) })
    async let run: Void = controllers.run()
    try await store.create(Self.machine, Self.machineTree)
    await until { await store.get(Self.instance) != nil }
    await store.close()
    await run
  }
}
