import Addresses
import FileSystem
import Glibc
import HTTPService

/// The HTTP half of a boot service, in a process of its own because a process has one network
/// namespace: a folder's files, and the reports of machines that are installed.
package struct BootFileServer: Sendable {
  private let routes: BootRoutes
  private let installed: String
  private let addresses: [ServerAddress]

  /// A server; nothing listens yet.
  ///
  /// - Parameters:
  ///   - folder: the folder whose files are served.
  ///   - installed: the folder that gets a file for each machine that is installed.
  ///   - addresses: where it listens.
  package init(folder: String, installed: String, addresses: [IPAddress], port: UInt16 = 80) {
    self.installed = installed
    self.addresses = addresses.map { .tcp(address: $0, port: port) }
    routes = BootRoutes(
      files: BootFiles(root: folder),
      installed: InstalledMachines(folder: installed, neighbors: KernelNeighborTable()),
      log: AccessLog())
  }

  /// Serves until cancelled. Once it listens, root is given up: the clients are machines under test.
  ///
  /// - Parameter pidFile: gets the process's number when everything is ready.
  /// - Throws: `HTTPServerError` when an address cannot be listened on, or a listener ends; `FileError`.
  package func run(pidFile: String) async throws {
    let server = try await routes.serve(on: addresses) { peer, reason in
      let client = peer.map { "\($0)" } ?? "a client"
      try? StandardStream.error.write("\(client) is refused: \(reason)\n")
    }
    guard chown(installed, Self.nobody, Self.nobody) == 0 else {
      throw FileError("give \(installed) away")
    }
    try Files.write("\(getpid())\n", to: pidFile)
    try Self.becomeNobody()
    try await server.wait()
    await server.stop(grace: .zero)
  }

  private static let nobody: UInt32 = 65534

  private static func becomeNobody() throws {
    guard getuid() == 0 else { return }
    guard setgroups(0, nil) == 0, setgid(nobody) == 0, setuid(nobody) == 0 else {
      throw FileError("give up root")
    }
  }
}
