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
  /// The objects, by their uid, of nodes that are not started, once that was told.
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
            try await take(objects, complain)
          case .set(let key, let object): try await take([(key, object)], complain)
          case .gone: break
          }
        }
      } catch {
        complain("\(error)")
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Carries out what objects say, those after one that fails too.
  ///
  /// - Throws: the first failure, for all to be looked at again.
  private func take(
    _ objects: [(key: ObjectKey, object: ObjectNode)], _ complain: @Sendable (String) -> Void
  ) async throws {
    var failure: (any Error)?
    for (key, object) in objects {
      let power = NodePower(of: object)
      do {
        if nodes.contains(key.name) {
          try await set(key.name, power)
        } else if power == .on {
          try await start(key.name, object, complain)
        }
      } catch {
        if failure == nil { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// Starts a node that somebody has made an object of.
  private func start(
    _ node: String, _ object: ObjectNode, _ complain: @Sendable (String) -> Void
  ) async throws {
    let uid = object["metadata", "uid"]?.string ?? ""
    guard !refused.contains(uid) else { return }
    if let reason = NodeArrival.refusal(of: node, beside: nodes, hasFabric: join != nil) {
      return try await refuse(node, uid, reason, complain)
    }
    let others = parts
    do {
      guard let part = try join?(node) else { return }
      parts.append(part)
      try await programs.run(parts.filter { !dark.contains($0.title) })
    } catch {
      parts = others
      return try await refuse(node, uid, "\(error)", complain)
    }
    nodes.insert(node)
  }

  /// Leaves a node alone for as long as it has this object, and says why in an event and in its object: others wait
  /// for what is neither ready nor refused.
  private func refuse(
    _ node: String, _ uid: String, _ reason: String, _ complain: @Sendable (String) -> Void
  ) async throws {
    complain("\(node) is not started: \(reason)")
    let now = Timestamp(seconds: Date().timeIntervalSince1970)
    let key = ObjectKey(GroupResource("nodes"), namespace: "", name: node)
    var tree = try await client.get(key)
    NodeRefusal.write(reason, at: now, to: &tree)
    try await client.updateStatus(tree)
    refused.insert(uid)
    let event = EventRecord(
      EventRecord.Reference(
        apiVersion: "v1", kind: "Node", namespace: "", name: node, uid: uid),
      .warning, reason: NodeRefusal.reason, reason, component: "pxelab", time: now.microTime)
    // As client-go cuts what it makes names of.
    let name = "\(node.prefix(200)).notstarted.\(uid)"
    do throws(APIClientError) {
      _ = try await client.create(event.tree(name: name))
    } catch {
      // From the last time that this was tried.
      guard error.isAlreadyThere else { throw error }
    }
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
