import ArgumentParser
import FileSystem
import FlyingFox
import FlyingSocks
import Foundation
import Glibc

/// `pxelab file-server`: the HTTP half of a lab's PXE server, started in its namespace.
struct FileServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "file-server",
    abstract: "Serve a folder by HTTP.", shouldDisplay: false)

  @Option(name: .long, help: "An address to listen on, IPv4 or IPv6.")
  var address: [String]

  @Option(name: .long, help: "The port to listen on.")
  var port: UInt16 = 80

  @Option(name: .long, help: "The folder that gets a file for each machine that is installed.")
  var installed: String

  @Argument(help: "The folder.")
  var folder: String

  func run() async throws {
    let files = BootFileHandler(root: URL(fileURLWithPath: folder, isDirectory: true))
    var servers: [HTTPServer] = []
    for text in address {
      let server =
        text.contains(":")
        ? HTTPServer(address: try .inet6(ip6: text, port: port), logger: .disabled)
        : HTTPServer(address: try .inet(ip4: text, port: port), logger: .disabled)
      await server.appendRoute(
        "POST /installed/*", to: AccessLog(InstalledMachines(folder: installed)))
      await server.appendRoute("GET,HEAD /*", to: AccessLog(files))
      servers.append(server)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in servers {
        group.addTask { try await server.run() }
        try await server.waitUntilListening()
      }
      guard chown(installed, Self.nobody, Self.nobody) == 0 else {
        throw FileError("give \(installed) away")
      }
      try Self.becomeNobody()
      try await group.waitForAll()
    }
  }

  private static let nobody: UInt32 = 65534

  /// Gives up root, once the port below 1024 is bound: the clients are machines under test.
  private static func becomeNobody() throws {
    guard getuid() == 0 else { return }
    guard setgroups(0, nil) == 0, setgid(nobody) == 0, setuid(nobody) == 0 else {
      throw FileError("give up root")
    }
  }
}
