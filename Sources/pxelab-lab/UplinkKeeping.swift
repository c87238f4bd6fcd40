import Client
import Glibc
import Logging
import Node
import Planning

/// Keeps the way out of a lab's sandbox, beside it: standard input is the sandbox's network namespace.
/// Started by `pxelab up`.
struct UplinkKeeping: Role {
  static let word = "uplink"
  static let arguments = "STATE LAB NAME NODES NETWORK..."

  private let keeper: UplinkKeeper

  init?(_ arguments: [String]) {
    guard arguments.count > 3, let nodes = Int(arguments[3]) else { return nil }
    let paths = LabPaths(stateDirectory: arguments[0], lab: arguments[1])
    keeper = UplinkKeeper(
      lab: arguments[1], paths: paths, role: NodeRole(agent: arguments[2], nodes: nodes),
      networks: Array(arguments[4...]), api: LabAPI(socketPath: paths.controlSocket),
      log: Logger(label: "uplink"))
  }

  func run() async throws {
    await keeper.run(input: STDIN_FILENO)
  }
}
