import FileSystem
import Glibc
import Logging

/// `pxelab-lab ROLE ARGUMENT...`: all processes of a lab are this program, each in a role. So they share its
/// pages of memory, and the libraries are linked once.
@main
struct LabDaemon {
  private static let roles: [any Role.Type] = [
    Supervising.self, ObjectServing.self, FileServing.self, NodeWork.self, UplinkKeeping.self,
  ]

  static func main() {
    StandardStream.reserve()
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard
      let role = roles.lazy.filter({ $0.word == arguments.first })
        .compactMap({ $0.init(Array(arguments.dropFirst())) }).first
    else {
      let usages = roles.map { "pxelab-lab \($0.word) \($0.arguments)" }
      try? StandardStream.error.write("usage: \(usages.joined(separator: "\n       "))\n")
      exit(64)
    }
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    // The main actor has no thread here.
    Task.detached {
      do {
        try await role.run()
        exit(0)
      } catch {
        try? StandardStream.error.write("Error: \(error)\n")
        exit(1)
      }
    }
    // In dispatchMain() this thread would stay what it is when the others give up root: to setuid(2) it
    // has ended.
    while true { pause() }
  }
}
