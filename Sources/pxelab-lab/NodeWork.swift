import Client
import FileSystem
import Logging
import Node
import Planning
import Sandbox

/// The agent of a node, or of the fabric between several. Started by the supervisor.
struct NodeWork: Role {
  static let word = "node"
  static let arguments = "STATE LAB NAME NODES kvm|tcg"

  private let paths: LabPaths
  private let role: NodeRole
  private let usesKVM: Bool

  init?(_ arguments: [String]) {
    guard arguments.count == 5, let nodes = Int(arguments[3]) else { return nil }
    paths = LabPaths(stateDirectory: arguments[0], lab: arguments[1])
    role = NodeRole(agent: arguments[2], nodes: nodes)
    usesKVM = arguments[4] == "kvm"
  }

  func run() async throws {
    let agent = NodeAgent(
      NodeAgent.Configuration(
        role: role, paths: paths, fileServer: try Files.ownExecutable(), usesKVM: usesKVM),
      api: LabAPI(socketPath: paths.controlSocket), log: Logger(label: "node"))
    if case .node = role { try Mounts.separate(paths.files(of: role)) }
    try await agent.run()
  }
}
