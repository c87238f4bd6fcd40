import Kinds
import Objects
import Testing

@testable import LabHost

@Suite struct NodeLossTests {
  private static let instance = ObjectKey(
    .virtualMachineInstances, namespace: "default", name: "vm")

  /// What a watch told, in the order in which it did.
  enum Told: Sendable {
    case bound(String)
    case unbound
    case deleted
    case other(String)
    case node(String, LabPart.State)
    case program(String, LabPart.State)
    case allNodes([String: LabPart.State])
  }

  @Test(
    arguments: [
      ([], nil),
      ([.bound("node01")], nil),
      ([.bound("node01"), .node("node01", .running)], nil),
      ([.bound("node01"), .node("node01", .failed)], "node01"),
      ([.bound("node01"), .node("node01", .off)], "node01"),
      ([.node("node01", .failed), .bound("node01")], "node01"),
      ([.bound("node01"), .node("node02", .failed)], nil),
      // It was moved before that node ended, and is moved from a node that has.
      ([.bound("node01"), .bound("node02"), .node("node01", .failed)], nil),
      ([.bound("node01"), .node("node01", .failed), .bound("node02")], nil),
      ([.bound("node01"), .bound("node02"), .node("node02", .failed)], "node02"),
      // It is gone, or waits for a node again.
      ([.bound("node01"), .deleted, .node("node01", .failed)], nil),
      ([.bound("node01"), .unbound, .node("node01", .failed)], nil),
      // The node has power again.
      ([.bound("node01"), .node("node01", .off), .node("node01", .running)], nil),
      ([.bound("node01"), .node("node01", .off), .allNodes(["node01": .running])], nil),
      ([.bound("node01"), .allNodes(["node01": .failed, "node02": .running])], "node01"),
      // A program of the node's name is not the node, another machine's node not this one's.
      ([.bound("node01"), .program("node01", .failed)], nil),
      ([.other("node01"), .node("node01", .failed)], nil),
    ] as [([Told], String?)])
  func isOfTheNodeThatTheInstanceIsOn(_ told: [Told], _ node: String?) throws {
    var loss = NodeLoss(of: Self.instance)
    for one in told { try Self.note(one, in: &loss) }
    #expect(loss.part?.spec.title == node)
  }

  private static func note(_ told: Told, in loss: inout NodeLoss) throws {
    let other = ObjectKey(.virtualMachineInstances, namespace: "default", name: "other")
    switch told {
    case .bound(let node):
      try loss.note(.set(instance, ["status": ["nodeName": .text(node)]]), of: instance.resource)
    case .unbound: try loss.note(.set(instance, ["status": [:]]), of: instance.resource)
    case .deleted: try loss.note(.gone(instance), of: instance.resource)
    case .other(let node):
      try loss.note(.set(other, ["status": ["nodeName": .text(node)]]), of: instance.resource)
    case .node(let name, let state):
      let part = part(name, state, isNode: true)
      try loss.note(.set(part.key, try part.tree()), of: LabPart.resource)
    case .program(let name, let state):
      let part = part(name, state, isNode: nil)
      try loss.note(.set(part.key, try part.tree()), of: LabPart.resource)
    case .allNodes(let states):
      let parts = states.map { part($0.key, $0.value, isNode: true) }
      try loss.note(.all(try parts.map { ($0.key, try $0.tree()) }), of: LabPart.resource)
    }
  }

  private static func part(_ name: String, _ state: LabPart.State, isNode: Bool?) -> LabPart {
    LabPart(
      name: LabPart.name(of: name), spec: LabPart.Spec(title: name, node: nil, isNode: isNode),
      status: LabPart.Status(state: state, since: "2026-11-30T00:00:00.000000Z"))
  }
}
