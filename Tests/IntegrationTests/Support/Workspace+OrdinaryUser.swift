import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

extension Workspace {
  /// Gives `body` a workspace of an ordinary user with subordinate IDs, whom it makes, and what
  /// starts pxelab as that user. Needs root.
  static func useAsOrdinaryUser(
    _ body: (Workspace, _ start: ([String]) async throws -> RunningCommand) async throws -> Void
  ) async throws {
    let runner = SubprocessRunner()
    let user = try await runner.run(Command("\(repository)/scripts/rootless-user"))
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let tun = "/dev/net/tun"
    let mode = try #require(
      try FileManager.default.attributesOfItem(atPath: tun)[.posixPermissions] as? UInt32)
    defer { chmod(tun, mode) }
    #expect(chmod(tun, 0o666) == 0)
    try await use { workspace in
      let cache = try workspace.copyImages()
      try await runner.run(Command("chown", ["-R", "\(user):", workspace.root]))
      let variables = workspace.environment.merging(
        ["HOME": workspace.root, "PXELAB_CACHE_HOME": cache]) { $1 }
      try await body(workspace) { arguments in
        try await RunningCommand(
          Command(
            // In its own place, so that a signal reaches it.
            "setpriv",
            ["--reuid", user, "--regid", user, "--init-groups", try program()] + arguments,
            environment: variables),
          directory: repository)
      }
    }
  }

  /// What this user has fetched already, for one who cannot read it there.
  private func copyImages() throws -> String {
    let copy = "\(root)/cache"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    if FileManager.default.fileExists(atPath: "\(Self.cache)/images") {
      try FileManager.default.copyItem(atPath: "\(Self.cache)/images", toPath: "\(copy)/images")
    }
    return copy
  }
}
