import FoundationEssentials
import Kinds
import Objects
import Planning

extension LabClient {
  /// What a node has of the lab: the machines that are on there, and their ports.
  ///
  /// - Parameter name: the node's name; `nil` for the only one.
  /// - Throws: ``LabHostError`` when there is none of this name, or are several.
  package func plan(ofNode name: String?) async throws -> LabPlan {
    let snapshot = try await snapshot()
    return try snapshot.plan(
      lab: lab, role: try role(ofNode: name, in: try snapshot.plan(lab: lab)))
  }

  /// What the fabric and each of several nodes have of the lab.
  package func parts() async throws -> [(role: NodeRole, plan: LabPlan)] {
    let snapshot = try await snapshot()
    return try snapshot.plan(lab: lab).roles.map { ($0, try snapshot.plan(lab: lab, role: $0)) }
  }

  private func role(ofNode name: String?, in plan: LabPlan) throws -> NodeRole {
    let list = plan.nodes.joined(separator: ", ")
    guard let name = name ?? (plan.hasFabric ? nil : plan.nodes.first) else {
      throw LabHostError(.request, "the lab \(lab) has several nodes, say one of them: \(list)")
    }
    guard plan.nodes.contains(name) else {
      throw LabHostError(
        .request, "the lab \(lab) has no node \(name.debugDescription); it has \(list)")
    }
    return NodeRole(agent: name, nodes: plan.nodes.count)
  }

  /// The bridges and ports of a node as they are; of the whole lab without a name, where ports of one
  /// bridge are together, wherever they are.
  package func dataplane(ofNode name: String? = nil) async throws -> DataplaneState {
    if let name { return try await perform(.dataplane, by: name).decoded() }
    var state = DataplaneState(bridges: [], ports: [])
    for agent in try await agents() {
      state.add(try await perform(.dataplane, by: agent).decoded())
    }
    return state
  }

  /// Has a node do something once with a machine, and returns when it is done.
  ///
  /// - Parameter machine: what it is about, as people call it.
  /// - Throws: as ``perform(_:by:on:_:within:)``.
  @discardableResult
  package func perform(
    _ action: NodeAction, on machine: String, _ arguments: ObjectNode? = nil
  ) async throws -> ObjectNode {
    let snapshot = try await snapshot()
    let plan = try snapshot.plan(lab: lab)
    let key = plan.machines.first { $0.name == machine }?.instanceKey
    let node = key.flatMap { snapshot.objects[$0] }?["status", "nodeName"]?.string
    guard let agent = node ?? plan.nodes.first else { throw RegistryError.beingMade(lab) }
    return try await perform(action, by: agent, on: machine, arguments)
  }

  /// Has the agent do something once where the lab's servers are.
  ///
  /// - Throws: as ``perform(_:by:on:_:within:)``.
  @discardableResult
  package func perform(
    _ action: NodeAction, _ arguments: ObjectNode? = nil
  ) async throws -> ObjectNode {
    guard let agent = try await plan().roles.first?.agent else {
      throw RegistryError.beingMade(lab)
    }
    return try await perform(action, by: agent, on: nil, arguments)
  }

  /// The same with an answer of a known form.
  // Where it is inlined, the compiler of Swift 6.3 crashes in release mode (coroutine splitting).
  @inline(never)
  package func perform<Value: Decodable>(
    _ action: NodeAction, _ arguments: ObjectNode? = nil, as type: Value.Type = Value.self
  ) async throws -> Value {
    try await perform(action, arguments).decoded(as: type)
  }

  /// The same of a machine.
  @inline(never)
  package func perform<Value: Decodable>(
    _ action: NodeAction, on machine: String, as type: Value.Type = Value.self
  ) async throws -> Value {
    try await perform(action, on: machine).decoded(as: type)
  }

  /// The fabric's agent and those of the nodes, without nodes that are not started.
  private func agents() async throws -> [String] {
    let snapshot = try await snapshot()
    return try snapshot.plan(lab: lab).roles.compactMap(\.agent).filter { name in
      let node = snapshot.objects[ObjectKey(.nodes, namespace: "", name: name)]
      return node.map { !NodeRefusal.isOn($0) } ?? true
    }
  }

  /// Waits until all nodes are there and have taken what was applied before.
  ///
  /// - Parameter limit: how long it may take once they are there.
  package func settle(within limit: Duration) async throws {
    let agents = try await agents()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for agent in agents {
        group.addTask { try await self.perform(.settle, by: agent, within: limit) }
      }
      try await group.waitForAll()
    }
  }

  /// Has an agent do something once, and returns when it is done.
  ///
  /// - Parameters:
  ///   - agent: the node's name, or the fabric's.
  ///   - machine: what it is about, as people call it.
  ///   - limit: how long it may take.
  /// - Throws: ``LabHostError`` in the node's words, or when no answer comes in time.
  @discardableResult
  private func perform(
    _ action: NodeAction, by agent: String, on machine: String? = nil,
    _ arguments: ObjectNode? = nil, within limit: Duration = .seconds(30)
  ) async throws -> ObjectNode {
    let name = "\(action.rawValue.lowercased())-\(UUID().uuidString.lowercased())"
    let operation = NodeOperation(
      name: name,
      spec: NodeOperation.Spec(
        node: agent, machine: machine, action: action.rawValue,
        arguments: arguments.map(ObjectNode.JSON.init)))
    let key = operation.key
    _ = try await api.create(key, try operation.tree())
    let status: ObjectNode
    do {
      status = try await wait(for: key, within: limit) { $0?["status"] }
    } catch {
      try? await api.delete(key)
      throw error
    }
    try await api.delete(key)
    guard status["outcome"]?.string == NodeOperation.Outcome.done.rawValue else {
      throw LabHostError(.lab, status["message"]?.string ?? "the node refused")
    }
    return status["result"] ?? .null
  }
}
