import Addresses
import BootFileService

/// The HTTP half of an attachment's boot service, started in the attachment's network namespace by the node.
struct FileServing: Role {
  static let word = "serve-files"
  static let arguments = "FOLDER INSTALLED PID-FILE ADDRESS..."

  private let server: BootFileServer
  private let pidFile: String

  init?(_ arguments: [String]) {
    guard arguments.count > 3 else { return nil }
    let addresses = arguments[3...].compactMap { IPAddress($0) }
    guard addresses.count == arguments.count - 3 else { return nil }
    pidFile = arguments[2]
    server = BootFileServer(folder: arguments[0], installed: arguments[1], addresses: addresses)
  }

  /// Serves until the program is ended.
  func run() async throws {
    OpenFileLimit.raise()
    try await server.run(pidFile: pidFile)
  }
}
