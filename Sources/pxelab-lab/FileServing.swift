import Addresses
import BootFileService
import FileSystem
import Glibc

/// `pxelab-lab serve-files FOLDER INSTALLED PID-FILE ADDRESS...`: the HTTP half of an attachment's boot
/// service, started in the attachment's network namespace by the node.
struct FileServing: Sendable {
  static let word = "serve-files"
  static let usage = "pxelab-lab \(word) FOLDER INSTALLED PID-FILE ADDRESS..."

  private let server: BootFileServer
  private let pidFile: String

  /// - Returns: `nil` for arguments of another form.
  init?(_ arguments: ArraySlice<String>) {
    let arguments = Array(arguments)
    guard arguments.count > 4, arguments[0] == Self.word else { return nil }
    let addresses = arguments[4...].compactMap { IPAddress($0) }
    guard addresses.count == arguments.count - 4 else { return nil }
    pidFile = arguments[3]
    server = BootFileServer(
      folder: arguments[1], installed: arguments[2], addresses: addresses)
  }

  /// Serves until the program is ended.
  func run() -> Never {
    Task {
      do {
        try await server.run(pidFile: pidFile)
        exit(0)
      } catch {
        try? StandardStream.error.write("\(error)\n")
        exit(1)
      }
    }
    // In dispatchMain() this thread would stay what it is when the others give up root: to setuid(2) it
    // has ended.
    while true { pause() }
  }
}
