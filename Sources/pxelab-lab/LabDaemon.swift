import APIServer
import Controllers
import Dispatch
import FileSystem
import FoundationEssentials
import Glibc
import HTTPService
import LabAuthority
import LabPlan
import Logging
import Reconciliation
import Store
import Subresources

/// `pxelab-lab STATE LAB`: a lab's objects, its API and its controllers, until it is ended. Started by
/// `pxelab supervise`, and again after each end: all that it knows is in the store's file. The server of
/// boot files (``FileServing``) is in the same program, so that the HTTP server is linked once.
@main
struct LabDaemon {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    OpenFileLimit.raise()
    let arguments = CommandLine.arguments
    if let serving = FileServing(arguments.dropFirst()) { serving.run() }
    guard arguments.count == 3 else {
      try? StandardStream.error.write("usage: pxelab-lab STATE LAB, or \(FileServing.usage)\n")
      exit(64)
    }
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let logger = Logger(label: "pxelab-lab")
    Task {
      do {
        try await run(
          LabPaths(stateDirectory: arguments[1], lab: arguments[2]), lab: arguments[2],
          logger: logger)
        exit(0)
      } catch {
        logger.critical("the lab's API ends", metadata: ["error": "\(error)"])
        exit(1)
      }
    }
    dispatchMain()
  }

  private static func run(_ paths: LabPaths, lab: String, logger: Logger) async throws {
    let store = try await Store.open(paths.store)
    let api = APIServer(store: store)
    try await api.makeNamespaces()
    PodSubresources(store: store, paths: paths).register(on: api)
    KubeVirtSubresources.register(on: api, store: store, paths: paths)
    // The sandbox's root is who started the lab.
    let server = try await HTTPServer.start(
      on: [.unix(path: paths.controlSocket, users: [0, getuid()])]
    ) { request in await api.answer(request) }
    let foreign = try ForeignAccess(on: STDIN_FILENO, paths, lab: lab)
    let foreignServer: HTTPServer? =
      if let foreign {
        try await HTTPServer.start(
          on: [foreign.address],
          doorkeeper: { fields, _ in foreign.refusal(of: fields) }
        ) { request in await api.answer(request) }
      } else {
        nil
      }
    logger.info("serving", metadata: ["socket": "\(paths.controlSocket)"])
    let controllers = LabControllers(
      store: store, logger: logger, admit: VirtualMachineReconciler.admitted,
      issuer: SigningIssuer())
    await withTaskGroup(of: Void.self) { group in
      if let certificate = foreign?.certificate {
        group.addTask { await certificate.follow(store, logger: logger) }
      }
      await controllers.run()
      group.cancelAll()
    }
    await foreignServer?.stop()
    await server.stop()
  }
}
