import Objects
import Testing

@testable import Reconciliation

/// What a scheduler of somebody's own may say (kubernetes, pkg/registry/core/pod/storage).
@Suite struct PodBindingTests {
  private let podKey = ObjectKey(.pods, namespace: "default", name: "p")

  private func world(_ spec: ObjectNode = .mapping()) throws -> World {
    var world = World()
    try world.create(ObjectKey(.nodes, namespace: "", name: "node01"), node())
    try world.create(podKey, ["apiVersion": "v1", "kind": "Pod", "metadata": [:], "spec": spec])
    return world
  }

  private func binding(_ node: String = "node01", name: String = "p", kind: String = "Node")
    -> ObjectNode
  {
    [
      "metadata": ["name": .text(name)],
      "target": ["apiVersion": "v1", "kind": .text(kind), "name": .text(node)],
    ]
  }

  @Test func aPodIsBound() throws {
    let world = try world()
    let changes = try PodBinding(binding(), namespace: "default", name: "p")
      .changes(in: world, at: Timestamp(seconds: 1_000_000))
    #expect(changes.count == 2)
    guard case .update(let key, let pod)? = changes.first else {
      Issue.record("no update")
      return
    }
    #expect(key == podKey)
    #expect(pod["spec", "nodeName"] == "node01")
    #expect(pod.hasCondition("PodScheduled", "True"))
  }

  @Test(arguments: [
    (
      "node02", "p", "Node", nil as String?, 404, "nodes \"node02\" not found"
    ),
    (
      "node01", "q", "Node", nil, 400, "name in URL does not match name in Binding object"
    ),
    (
      "node01", "p", "Node", "node03", 409,
      "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node "
        + "\"node03\""
    ),
    (
      "", "p", "Node", nil, 422, "Binding \"p\" is invalid: target.name: Required value"
    ),
    (
      "node01", "p", "Rack", nil, 422,
      "Binding \"p\" is invalid: target.kind: Unsupported value: \"Rack\": supported values: "
        + "\"Node\", \"<empty>\""
    ),
  ])
  func aBindingIsRefused(
    _ node: String, _ name: String, _ kind: String, _ bound: String?, _ code: Int,
    _ message: String
  ) throws {
    let world = try world(bound.map { ["nodeName": .text($0)] } ?? .mapping())
    let refusal = try #require(throws: PodBinding.Refusal.self) {
      _ = try PodBinding(
        binding(node, name: name, kind: kind), namespace: "default", name: "p"
      ).changes(in: world, at: Timestamp(seconds: 1_000_000))
    }
    #expect(refusal.code == code)
    #expect(refusal.message == message)
  }

  @Test func aPodThatIsNotThereIsNotBound() throws {
    let refusal = try #require(throws: PodBinding.Refusal.self) {
      _ = try PodBinding(binding(name: "x"), namespace: "default", name: nil)
        .changes(in: World(), at: Timestamp(seconds: 1_000_000))
    }
    #expect(refusal.code == 404 && refusal.message == "pods \"x\" not found")
  }
}
