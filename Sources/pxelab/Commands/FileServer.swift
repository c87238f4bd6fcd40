import ArgumentParser
import BootService

/// `pxelab file-server`: the HTTP half of a lab's boot service, started in its namespace.
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

  @Option(name: .long, help: "A file that gets the process number when the server listens.")
  var pidFile: String?

  @Argument(help: "The folder.")
  var folder: String

  func run() async throws {
    try await BootFileServer(
      folder: folder, installed: installed, addresses: address, port: port
    ).run(pidFile: pidFile)
  }
}
