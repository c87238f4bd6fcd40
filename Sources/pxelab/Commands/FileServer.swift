import ArgumentParser
import FileSystem
import FlyingFox
import FlyingSocks
import Foundation
import Glibc

/// `pxelab file-server`: the HTTP half of a lab's PXE server, started in its namespace.
struct FileServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a folder by HTTP.", shouldDisplay: false)

  @Option(name: .long, help: "The IPv4 address to listen on.")
  var address: String

  @Option(name: .long, help: "The port to listen on.")
  var port: UInt16 = 80

  @Argument(help: "The folder.")
  var folder: String

  func run() async throws {
    let server = HTTPServer(address: try .inet(ip4: address, port: port), logger: .disabled)
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    await server.appendRoute("GET /*", to: DirectoryHTTPHandler(root: root, serverPath: "/"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      try await server.waitUntilListening()
      try Self.becomeNobody()
      try await group.waitForAll()
    }
  }

  /// Gives up root, once the port below 1024 is bound: the clients are machines under test.
  private static func becomeNobody() throws {
    guard getuid() == 0 else { return }
    let nobody: UInt32 = 65534
    guard setgroups(0, nil) == 0, setgid(nobody) == 0, setuid(nobody) == 0 else {
      throw FileError("give up root")
    }
  }
}
