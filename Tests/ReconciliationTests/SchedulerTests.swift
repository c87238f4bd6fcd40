import Objects
import Testing

@testable import Reconciliation

@Suite struct SchedulerTests {
  private let podKey = ObjectKey(.pods, namespace: "default", name: "p")
  private static let preemption =
    " no new claims to deallocate, preemption: 0/1 nodes are available:"
    + " 1 Preemption is not helpful for scheduling."

  private func world(_ nodes: [ObjectNode], pod spec: ObjectNode = .mapping()) throws -> World {
    var world = World()
    for (index, node) in nodes.enumerated() {
      try world.create(ObjectKey(.nodes, namespace: "", name: "node0\(index + 1)"), node)
    }
    try world.create(
      podKey,
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": .mapping(), "spec": spec,
        "status": ["phase": "Pending"],
      ])
    return world
  }

  private static func unschedulable(_ node: ObjectNode) -> ObjectNode {
    var node = node
    node["spec", "unschedulable"] = true
    return node
  }

  /// Where a machine goes does not depend on which node was made first.
  @Test func aPodWaitsForAllNodesOfItsLab() throws {
    var world = try world([node()])
    try world.create(
      ObjectKey(.hostFacts, namespace: "", name: "host"),
      ["metadata": .mapping(), "spec": ["nodes": ["node01", "node02"]]])
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?["spec", "nodeName"] == nil)
    #expect(world.object(podKey)?.condition("PodScheduled") == nil)
    try world.create(ObjectKey(.nodes, namespace: "", name: "node02"), node())
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?["spec", "nodeName"] == "node01")
  }

  /// Nobody waits for a node that is not started, and no lease is missed of it.
  @Test func aRefusedNodeIsNotWaitedFor() throws {
    var refused: ObjectNode = ["metadata": .mapping()]
    refused.setCondition(
      [
        "type": "Ready", "status": "False", "reason": "NodeNotStarted",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
      ] as ObjectNode)
    let model: ObjectNode = ["cpu-model.node.kubevirt.io/Haswell": "true"]
    var world = try world([refused], pod: ["nodeSelector": model])
    try world.create(
      ObjectKey(.hostFacts, namespace: "", name: "host"),
      ["metadata": .mapping(), "spec": ["nodes": ["node01"]]])
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?.hasCondition("PodScheduled", "False") == true)
    let key = ObjectKey(.nodes, namespace: "", name: "node01")
    world.now = world.now + 1000
    _ = try world.settle(NodeLifecycle(), key)
    #expect(world.object(key)?.hasCondition("Ready", "False", reason: "NodeNotStarted") == true)
  }

  /// A libvirt that never answers does not keep machines from being told why they wait.
  @Test func aNodeThatSaysNothingOfItsProcessorIsWaitedForAWhile() throws {
    let model: ObjectNode = ["cpu-model.node.kubevirt.io/Haswell": "true"]
    var world = try world([node()], pod: ["nodeSelector": model])
    try world.create(
      ObjectKey(.hostFacts, namespace: "", name: "host"),
      ["metadata": .mapping(), "spec": ["nodes": ["node01"]]])
    let settled = try world.settle(Scheduler(), podKey)
    #expect(settled.after == .seconds(60))
    #expect(world.object(podKey)?.condition("PodScheduled") == nil)
    world.now = world.now + 61
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?.hasCondition("PodScheduled", "False") == true)
  }

  /// What differs between releases is as lab.yaml says.
  @Test(arguments: [
    (ObjectNode?.none, "untolerated taint(s)"), ("1.36", "untolerated taint(s)"),
    ("1.34", "untolerated taint {node.kubernetes.io/not-ready: }"),
  ])
  func theReleaseOfTheLab(_ release: ObjectNode?, _ words: String) throws {
    var world = try world([node(isReady: false)])
    var lab: ObjectNode = ["kind": "Lab", "metadata": .mapping(), "spec": .mapping()]
    lab["spec", "kubernetes"] = release
    try world.create(labKey, lab)
    _ = try world.settle(Scheduler(), podKey)
    let message = world.object(podKey)?.condition("PodScheduled")?["message"]?.string
    #expect(message?.contains(words) == true, "\(message ?? "")")
  }

  @Test func aPodIsBound() throws {
    var world = try world([node()])
    let settled = try world.settle(Scheduler(), podKey)
    #expect(settled.passes == 1)
    let pod = try #require(world.object(podKey))
    #expect(pod["spec", "nodeName"] == "node01")
    #expect(pod.hasCondition("PodScheduled", "True"))
    #expect(pod["status", "phase"] == "Pending")
    let event = try #require(settled.events.first)
    #expect(event.reason == "Scheduled" && event.source == "default-scheduler")
    #expect(event.message == "Successfully assigned default/p to node01")
  }

  @Test(
    arguments: [
      ([], .mapping(), "no nodes available to schedule pods"),
      (
        [unschedulable(node())], .mapping(),
        "0/1 nodes are available: 1 node(s) were unschedulable." + preemption
      ),
      (
        [node(isReady: false)], .mapping(),
        "0/1 nodes are available: 1 node(s) had untolerated taint(s)." + preemption
      ),
      (
        [node()], ["nodeSelector": ["zone": "a"]],
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
          + preemption
      ),
      (
        [node(), unschedulable(node()), node()], ["nodeSelector": ["zone": "a"]],
        "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node"
          + " affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available:"
          + " 3 Preemption is not helpful for scheduling."
      ),
    ] as [([ObjectNode], ObjectNode, String)])
  func whyNot(nodes: [ObjectNode], spec: ObjectNode, message: String) throws {
    var world = try world(nodes, pod: spec)
    let settled = try world.settle(Scheduler(), podKey)
    let condition = try #require(world.object(podKey)?.condition("PodScheduled"))
    #expect(condition["status"] == "False" && condition["reason"] == "Unschedulable")
    #expect(condition["message"]?.string == message)
    #expect(settled.events.map(\.reason) == ["FailedScheduling"])
    #expect(settled.events.map(\.message) == [message])
    #expect(world.object(podKey)?.podNode == nil)
  }

  @Test func aNodeOfManyFits() throws {
    var world = try world(
      [node(), node(labels: ["zone": "a"])], pod: ["nodeSelector": ["zone": "a"]])
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?.podNode == "node02")
  }

  /// What a machine asks of a processor is known once the node's libvirt has been asked.
  @Test(
    arguments: [
      (["nodeSelector": ["cpu-model.node.kubevirt.io/EPYC": "true"]], true),
      (["nodeSelector": ["machine-type.node.kubevirt.io/pc": "true"]], true),
      (forbidding("cpu-feature.node.kubevirt.io/avx"), true),
      (["nodeSelector": ["machine-type.node.kubevirt.io/q35": "true"]], false),
      (forbidding("node-labeller.kubevirt.io/obsolete-host-model"), false),
    ] as [(ObjectNode, Bool)])
  func aPodWaitsForWhatANodeReports(_ spec: ObjectNode, _ waits: Bool) throws {
    var world = try world([node(labels: ["machine-type.node.kubevirt.io/q35": "true"])], pod: spec)
    try world.create(
      ObjectKey(.hostFacts, namespace: "", name: "host"),
      ["metadata": .mapping(), "spec": ["nodes": ["node01"]]])
    _ = try world.settle(Scheduler(), podKey)
    #expect((world.object(podKey)?.podNode == nil) == waits)
    #expect((world.object(podKey)?.condition("PodScheduled") == nil) == waits)
    try world.change(nodeKey) { node in
      node["metadata", "annotations", "pxelab.dev/processor"] = "emulation"
      node["metadata", "labels", "cpu-model.node.kubevirt.io/EPYC"] = "true"
      node["metadata", "labels", "machine-type.node.kubevirt.io/pc"] = "true"
    }
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?.podNode == "node01")
  }

  private static func forbidding(_ label: String) -> ObjectNode {
    [
      "affinity": [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": [
            "nodeSelectorTerms": [
              ["matchExpressions": [["key": .text(label), "operator": "DoesNotExist"]]]
            ]
          ]
        ]
      ]
    ]
  }

  @Test(
    arguments: [
      ["schedulerName": "my-scheduler"], ["nodeName": "node02"],
    ] as [ObjectNode])
  func notItsBusiness(spec: ObjectNode) throws {
    var world = try world([node()], pod: spec)
    let before = try #require(world.object(podKey))
    #expect(try world.settle(Scheduler(), podKey).passes == 0)
    #expect(world.object(podKey) == before)
  }

  @Test func gatesBlock() throws {
    var world = try world([node()], pod: ["schedulingGates": [["name": "wait"]]])
    let settled = try world.settle(Scheduler(), podKey)
    let condition = try #require(world.object(podKey)?.condition("PodScheduled"))
    #expect(condition["reason"] == "SchedulingGated")
    #expect(
      condition["message"] == "Scheduling is blocked due to non-empty scheduling gates")
    #expect(settled.events.isEmpty)
    try world.change(podKey) { $0["spec", "schedulingGates"] = nil }
    _ = try world.settle(Scheduler(), podKey)
    #expect(world.object(podKey)?.podNode == "node01")
  }

  @Test func aNodeThatChangesConcernsAllThatWait() throws {
    var world = try world([Self.unschedulable(node())])
    let other = ObjectKey(.pods, namespace: "other", name: "q")
    try world.create(
      other,
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": .mapping(), "spec": ["nodeName": "node01"],
      ])
    #expect(Scheduler().keys(concernedBy: nodeKey, node(), in: world) == [podKey])
  }
}
