import Client
import FileSystem
import Glibc
import LabPlan
import Logging
import Node
import Sandbox

/// `pxelab-node STATE LAB NAME NODES FILE-SERVER kvm|tcg`: the agent of a node, or of the fabric between
/// several, until it is ended. Started by `pxelab supervise`. `pxelab-node uplink STATE LAB NAME NODES NETWORK...`
/// keeps the way out of a lab's sandbox; standard input is the sandbox's network namespace.
@main
struct NodeProgram {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    let arguments = CommandLine.arguments
    if arguments.count >= 6, arguments[1] == "uplink", let nodes = Int(arguments[5]) {
      return await keepUplink(arguments, nodes: nodes)
    }
    guard arguments.count == 7, let nodes = Int(arguments[4]) else {
      try? StandardStream.error.write(
        "usage: pxelab-node STATE LAB NAME NODES FILE-SERVER kvm|tcg\n"
          + "       pxelab-node uplink STATE LAB NAME NODES NETWORK...\n")
      exit(64)
    }
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let logger = Logger(label: "pxelab-node")
    let paths = LabPaths(stateDirectory: arguments[1], lab: arguments[2])
    let role = NodeRole(agent: arguments[3], nodes: nodes)
    let agent = NodeAgent(
      NodeAgent.Configuration(
        role: role, paths: paths, fileServer: arguments[5], usesKVM: arguments[6] == "kvm"),
      api: LabAPI(socketPath: paths.controlSocket), log: logger)
    do {
      if case .node = role { try Mounts.separate(paths.files(of: role)) }
      try await agent.run()
    } catch {
      logger.critical("the node ends", metadata: ["error": "\(error)"])
    }
    exit(1)
  }

  private static func keepUplink(_ arguments: [String], nodes: Int) async {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let paths = LabPaths(stateDirectory: arguments[2], lab: arguments[3])
    await UplinkKeeper(
      lab: arguments[3], paths: paths, role: NodeRole(agent: arguments[4], nodes: nodes),
      networks: Array(arguments[6...]), api: LabAPI(socketPath: paths.controlSocket),
      log: Logger(label: "pxelab-node")
    ).run(input: STDIN_FILENO)
  }
}
