import Objects
import Testing

@testable import Reconciliation

/// The lab's scheduler on several nodes.
@Suite struct PlacementTests {
  private func pod(_ spec: ObjectNode, labels: ObjectNode = ["app": "web"]) -> ObjectNode {
    [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["labels": labels], "spec": spec,
      "status": ["phase": "Pending"],
    ]
  }

  private func key(_ name: String) -> ObjectKey {
    ObjectKey(.pods, namespace: "default", name: name)
  }

  private func world(_ count: Int) throws -> World {
    var world = World()
    for index in 1...count {
      let name = "node0\(index)"
      try world.create(
        ObjectKey(.nodes, namespace: "", name: name),
        node(labels: ["kubernetes.io/hostname": .text(name)]))
    }
    return world
  }

  private static let apart: ObjectNode = [
    "affinity": [
      "podAntiAffinity": [
        "requiredDuringSchedulingIgnoredDuringExecution": [
          [
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": ["matchLabels": ["app": "web"]],
          ]
        ]
      ]
    ]
  ]

  @Test func podsThatKeepApart() throws {
    var world = try world(2)
    for name in ["a", "b", "c"] {
      try world.create(key(name), pod(Self.apart))
      _ = try world.settle(Scheduler(), key(name))
    }
    #expect(world.object(key("a"))?.podNode == "node01")
    #expect(world.object(key("b"))?.podNode == "node02")
    #expect(world.object(key("c"))?.podNode == nil)
    #expect(
      world.object(key("c"))?.condition("PodScheduled")?["message"]
        == "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    )
    // One goes, and the one that waits is looked at again.
    try world.change(key("a")) { $0["status", "phase"] = "Succeeded" }
    let finished = try #require(world.object(key("a")))
    #expect(Scheduler().keys(concernedBy: key("a"), finished, in: world) == [key("c")])
    _ = try world.settle(Scheduler(), key("c"))
    #expect(world.object(key("c"))?.podNode == "node01")
  }

  @Test func whatANodeSaysOfItsHardwareCounts() throws {
    var world = try world(1)
    try world.change(ObjectKey(.nodes, namespace: "", name: "node01")) {
      $0["status", "allocatable"] = ["memory": "1Gi", "devices.kubevirt.io/kvm": "0"]
    }
    try world.create(
      key("a"),
      pod([
        "containers": [
          [
            "name": "compute",
            "resources": [
              "requests": ["memory": "2Gi"],
              "limits": ["devices.kubevirt.io/kvm": "1", "devices.kubevirt.io/tun": "1"],
            ],
          ]
        ]
      ]))
    _ = try world.settle(Scheduler(), key("a"))
    #expect(
      world.object(key("a"))?.condition("PodScheduled")?["message"]
        == "0/1 nodes are available: 1 Insufficient devices.kubevirt.io/kvm, 1 Insufficient memory. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    )
  }

  @Test func theLessImportantGiveWay() throws {
    var world = try world(1)
    try world.change(ObjectKey(.nodes, namespace: "", name: "node01")) {
      $0["status", "allocatable"] = ["memory": "1Gi"]
    }
    let spec: ObjectNode = [
      "containers": [["name": "c", "resources": ["requests": ["memory": "1Gi"]]]]
    ]
    try world.create(key("a"), pod(spec))
    _ = try world.settle(Scheduler(), key("a"))
    #expect(world.object(key("a"))?.podNode == "node01")
    try world.create(
      ObjectKey(.priorityClasses, namespace: "", name: "high"),
      [
        "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
        "metadata": ["name": "high"], "value": 1000,
      ])
    var important = spec
    important["priorityClassName"] = "high"
    try world.create(key("b"), pod(important))
    let settled = try world.settle(Scheduler(), key("b"))
    #expect(world.object(key("a")) == nil)
    #expect(settled.events.map(\.reason).contains("Preempted"))
    #expect(world.object(key("b"))?.podNode == "node01")
  }
}
