import Client
import FileSystem
import FoundationEssentials
import Glibc
import Kinds
import Objects
import PXEWire
import Parts
import Planning

/// Takes the power of a lab's nodes away and gives it back, as their objects say.
actor NodePowerSwitch {
  private let programs: PartGroup
  private let parts: [Part]
  /// The nodes that there are.
  private let nodes: Set<String>
  private let client: APIClient
  /// Nodes whose power is away, or about to be.
  private var dark: Set<String> = []
  /// Those of them of which that was told.
  private var told: Set<String> = []

  /// A switch for nodes whose agents are among parts that run.
  init(_ programs: PartGroup, _ parts: [Part], nodes: [String], client: APIClient) {
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
            for (key, object) in objects { try await set(key.name, NodePower(of: object)) }
          case .set(let key, let object): try await set(key.name, NodePower(of: object))
          case .gone: break
          }
        }
      } catch {
        complain("\(error)")
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func set(_ node: String, _ power: NodePower) async throws {
    guard nodes.contains(node) else { return }
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

extension NodePaths {
  /// Removes what a node that starts again must not find: its switch's database, the definitions of its
  /// domains. What was captured in its last life stays beside what is captured now.
  func forgetLastLife() throws {
    try Files.remove(openVSwitch)
    try Files.makeFolder(openVSwitch)
    try Files.remove("\(libvirtConfiguration)/qemu")
    let suffix = ".pcapng"
    for name in try Files.names(in: directory)
    where name.hasSuffix(suffix) && !name.hasSuffix(".earlier\(suffix)") {
      try Files.rename(
        "\(directory)/\(name)", to: earlierCapture(String(name.dropLast(suffix.count))))
    }
  }
}
