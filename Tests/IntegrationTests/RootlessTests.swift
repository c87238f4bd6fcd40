import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

extension LabTests {
  @Suite(.enabled(if: getuid() == 0, "only root can make a user; the other tests run as this one"))
  struct Rootless {
    @Test func anOrdinaryUserBootsTheSameLab() async throws {
      let runner = SubprocessRunner()
      let user = try await runner.run(Command("\(Workspace.repository)/scripts/rootless-user"))
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let tun = "/dev/net/tun"
      let mode = try #require(
        try FileManager.default.attributesOfItem(atPath: tun)[.posixPermissions] as? UInt32)
      defer { chmod(tun, mode) }
      #expect(chmod(tun, 0o666) == 0)
      try await Workspace.use { workspace in
        let cache = try copyImages(to: workspace)
        try await runner.run(Command("chown", ["-R", "\(user):", workspace.root]))
        let variables = workspace.environment.merging(
          ["HOME": workspace.root, "PXELAB_CACHE_HOME": cache]) { $1 }
        let outcome = try await RunningCommand(
          Command(
            "runuser",
            [
              "-u", user, "--", try Workspace.program(), "up", "--once", "--format", "json",
              "labs/secureboot",
            ], environment: variables),
          directory: Workspace.repository
        ).outcome()
        let machine = try outcome.report.machine
        #expect(outcome.status == 0, machine.complaints)
        try SecureBootWitnesses(machine).expectAll()
      }
    }

    /// What root has fetched already, for a user who cannot read it there.
    private func copyImages(to workspace: Workspace) throws -> String {
      let cache = Workspace.cache
      let copy = "\(workspace.root)/cache"
      try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
      if FileManager.default.fileExists(atPath: "\(cache)/images") {
        try FileManager.default.copyItem(atPath: "\(cache)/images", toPath: "\(copy)/images")
      }
      return copy
    }
  }
}
