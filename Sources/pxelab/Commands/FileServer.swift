import ArgumentParser
import FlyingFox
import FlyingSocks
import Foundation

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
    try await server.run()
  }
}
