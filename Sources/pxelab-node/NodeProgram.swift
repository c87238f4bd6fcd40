import Client
import FileSystem
import Glibc
import LabPlan
import Logging
import Node

/// `pxelab-node STATE LAB NODE FILE-SERVER kvm|tcg`: a node's agent, until it is ended. Started by
/// `pxelab supervise`.
@main
struct NodeProgram {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    let arguments = CommandLine.arguments
    guard arguments.count == 6 else {
      try? StandardStream.error.write("usage: pxelab-node STATE LAB NODE FILE-SERVER kvm|tcg\n")
      exit(64)
    }
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let logger = Logger(label: "pxelab-node")
    let paths = LabPaths(stateDirectory: arguments[1], lab: arguments[2])
    let agent = NodeAgent(
      NodeAgent.Configuration(
        name: arguments[3], paths: paths, fileServer: arguments[4],
        usesKVM: arguments[5] == "kvm"),
      api: LabAPI(socketPath: paths.controlSocket), log: logger)
    do {
      try await agent.run()
    } catch {
      logger.critical("the node ends", metadata: ["error": "\(error)"])
    }
    exit(1)
  }
}
