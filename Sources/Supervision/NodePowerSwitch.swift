import Client
import FoundationEssentials
import Glibc
import Kinds
import Objects
import PXEWire
import Parts
import Planning

/// Takes the power of a lab's nodes away and gives it back, as their objects say, and starts nodes whose
/// objects come when the lab is up.
actor NodePowerSwitch {
  private let programs: PartGroup
  private var parts: [Part]
  /// The nodes that there are.
  private var nodes: Set<String>
  /// Makes the part that a further node is; `nil` in a lab of one node, which has no fabric for more.
  private let join: (@Sendable (String) throws -> Part)?
  /// Nodes that are not started, and of which that was told.
  private var refused: Set<String> = []
  private let client: APIClient
  /// Nodes whose power is away, or about to be.
  private var dark: Set<String> = []
  /// Those of them of which that was told.
  private var told: Set<String> = []

  /// A switch for nodes whose agents are among parts that run.
  ///
  /// - Parameter join: makes the part that a further node is.
  init(
    _ programs: PartGroup, _ parts: [Part], nodes: [String], client: APIClient,
    join: (@Sendable (String) throws -> Part)?
  ) {
    self.join = join
    self.programs = programs
    self.parts = parts
    self.nodes = Set(nodes)
    self.client = client
  }

  /// Whether a node's power was taken away: its end is then no news.
  func isOff(_ node: String) -> Bool { dark.contains(node) }

  /// Carries out what the nodes' objects say, until cancelled.
  ///
  /// - Parameter complain: is told what fails.
  func run(complain: @Sendable (String) -> Void) async {
    let api = LabAPI(socketPath: client.socketPath, restartPatience: .seconds(30))
    while !Task.isCancelled {
      do {
        for try await change in api.watch(GroupResource("nodes")) {
          switch change {
          case .all(let objects):
            for (key, object) in objects { try await set(key.name, object, complain) }
          case .set(let key, let object): try await set(key.name, object, complain)
          case .gone: break
          }
        }
      } catch {
        complain("\(error)")
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func set(
    _ node: String, _ object: ObjectNode, _ complain: @Sendable (String) -> Void
  ) async throws {
    let power = NodePower(of: object)
    if nodes.contains(node) {
      try await set(node, power)
    } else if power == .on {
      try await start(node, object, complain)
    }
  }

  /// Starts a node that somebody has made an object of.
  private func start(
    _ node: String, _ object: ObjectNode, _ complain: @Sendable (String) -> Void
  ) async throws {
    guard !refused.contains(node) else { return }
    if let reason = NodeArrival.refusal(of: node, beside: nodes, hasFabric: join != nil) {
      refused.insert(node)
      complain("\(node) is not started: \(reason)")
      return try await tell(reason, of: node, object)
    }
    guard let part = try join?(node) else { return }
    parts.append(part)
    do {
      try await programs.run(parts.filter { !dark.contains($0.title) })
    } catch {
      parts.removeLast()
      refused.insert(node)
      complain("\(node) is not started: \(error)")
      return try await tell("\(error)", of: node, object)
    }
    nodes.insert(node)
  }

  private func tell(_ reason: String, of node: String, _ object: ObjectNode) async throws {
    let event = EventRecord(
      EventRecord.Reference(
        apiVersion: "v1", kind: "Node", namespace: "", name: node,
        uid: object["metadata", "uid"]?.string ?? ""),
      .warning, reason: "NodeNotStarted", reason, component: "pxelab",
      time: Timestamp(seconds: Date().timeIntervalSince1970).microTime)
    _ = try await client.create(event.tree(name: "\(node).notstarted"))
  }

  private func set(_ node: String, _ power: NodePower) async throws {
    // The only node of a lab has the lab's network.
    guard join != nil else { return }
    switch power {
    case .off:
      guard !told.contains(node) else { return }
      dark.insert(node)
      // With the first process the kernel ends all that it has started.
      if let process = await programs.processNumber(of: node) { kill(process, SIGKILL) }
      try await programs.run(parts.filter { !dark.contains($0.title) })
      try await tellOff(node)
      told.insert(node)
    case .on:
      guard dark.contains(node) else { return }
      // Before it starts, since what becomes of it is news again.
      dark.remove(node)
      do {
        try await programs.run(parts.filter { !dark.contains($0.title) })
      } catch {
        dark.insert(node)
        throw error
      }
      told.remove(node)
    }
  }

  private func tellOff(_ node: String) async throws {
    let now = Timestamp(seconds: Date().timeIntervalSince1970).microTime
    let part = LabPart(
      name: LabPart.name(of: node), spec: LabPart.Spec(title: node, node: nil, isNode: true),
      status: LabPart.Status(
        state: .off, since: now, message: "its power was taken away (pxelab node power off)"))
    var tree = try part.tree()
    tree["metadata"] = try await client.get(part.key)["metadata"]
    try await client.updateStatus(tree)
  }
}
