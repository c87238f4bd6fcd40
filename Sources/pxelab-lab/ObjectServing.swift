import APIServer
import Controllers
import FileSystem
import Glibc
import HTTPService
import LabAuthority
import Logging
import Planning
import Reconciliation
import Store
import Subresources

/// A lab's objects, its API and its controllers. Started by the supervisor, and again after each end: all
/// that it knows is in the store's file. Standard input is the socket of the API's TCP port.
struct ObjectServing: Role {
  static let word = "api"
  static let arguments = "STATE LAB"

  private let lab: String
  private let paths: LabPaths

  init?(_ arguments: [String]) {
    guard arguments.count == 2 else { return nil }
    lab = arguments[1]
    paths = LabPaths(stateDirectory: arguments[0], lab: lab)
  }

  func run() async throws {
    OpenFileLimit.raise()
    let logger = Logger(label: "api")
    let store = try await Store.open(paths.store)
    let api = APIServer(store: store)
    for failure in try await api.prepare() { logger.error("\(failure)") }
    PodSubresources(store: store, paths: paths).register(on: api)
    KubeVirtSubresources.register(on: api, store: store, paths: paths)
    // The sandbox's root is who started the lab.
    let server = try await HTTPServer.start(
      on: [.unix(path: paths.controlSocket, users: [0, getuid()])]
    ) { request in await api.answer(request) }
    let foreign = try ForeignAccess(on: STDIN_FILENO, paths, lab: lab)
    var foreignServer: HTTPServer?
    var inside: SandboxAccess?
    if let foreign {
      let access = SandboxAccess(
        address: foreign.addressInside, doorkeeper: { fields, _ in foreign.refusal(of: fields) },
        handler: { request in await api.answer(request) })
      foreignServer = try await HTTPServer.start(
        on: [foreign.address], doorkeeper: access.doorkeeper, handler: access.handler)
      inside = access
    }
    logger.info("serving", metadata: ["socket": "\(paths.controlSocket)"])
    let controllers = LabControllers(
      store: store, logger: logger, admit: VirtualMachineReconciler.admitted,
      issuer: SigningIssuer())
    await withTaskGroup(of: Void.self) { group in
      if let certificate = foreign?.certificate {
        group.addTask { await certificate.follow(store, logger: logger) }
      }
      if let inside {
        group.addTask { await inside.follow(store, logger: logger) }
      }
      group.addTask { await api.followDefinitions() }
      await controllers.run()
      group.cancelAll()
    }
    await foreignServer?.stop()
    await server.stop()
  }
}
