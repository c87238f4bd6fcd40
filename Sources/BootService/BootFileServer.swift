import FileSystem
import Glibc

/// The HTTP half of a boot service, in a process of its own because a process has one network
/// namespace: a folder's files, and the reports of machines that are installed.
package struct BootFileServer: Sendable {
  private let handler: any BootRequestHandler
  private let installed: String
  private let addresses: [String]
  private let port: UInt16

  /// A server; nothing listens yet.
  ///
  /// - Parameters:
  ///   - folder: the folder whose files are served.
  ///   - installed: the folder that gets a file for each machine that is installed.
  ///   - addresses: where it listens, IPv4 or IPv6.
  package init(folder: String, installed: String, addresses: [String], port: UInt16) {
    self.installed = installed
    self.addresses = addresses
    self.port = port
    handler = AccessLog(
      BootRoutes(
        files: BootFiles(root: folder),
        installed: InstalledMachines(folder: installed, neighbors: KernelNeighborTable())))
  }

  /// Serves until cancelled. Once it listens, root is given up: the clients are machines under test.
  ///
  /// - Parameter pidFile: gets the process's number when everything is ready.
  /// - Throws: when an address cannot be listened on, or a listener ends.
  package func run(pidFile: String?) async throws {
    try await HTTPListener(handler: handler).run(on: addresses, port: port) { _ in
      guard chown(installed, Self.nobody, Self.nobody) == 0 else {
        throw FileError("give \(installed) away")
      }
      if let pidFile { try Files.write("\(getpid())\n", to: pidFile) }
      try Self.becomeNobody()
    }
  }

  private static let nobody: UInt32 = 65534

  private static func becomeNobody() throws {
    guard getuid() == 0 else { return }
    guard setgroups(0, nil) == 0, setgid(nobody) == 0, setuid(nobody) == 0 else {
      throw FileError("give up root")
    }
  }
}

/// Who answers what.
struct BootRoutes: BootRequestHandler {
  let files: BootFiles
  let installed: any BootRequestHandler

  func answer(to request: BootRequest) async -> BootAnswer {
    let isReport = request.method == "POST" && request.path.hasPrefix("/installed/")
    return await isReport ? installed.answer(to: request) : files.answer(to: request)
  }
}
