import ExternalCommand
import Glibc
import Testing

extension LabTests {
  /// The pod network's way out, to an outside that is a namespace of the test's own.
  @Suite(.enabled(if: getuid() == 0, "only root can make the namespace that is the outside"))
  struct PodNetwork {
    @Test func aMachineReachesBeyondItsLab() async throws {
      try await Workspace.use { workspace in
        let outcome = try await RunningCommand(
          Command(
            "unshare",
            [
              "--net", "\(Workspace.repository)/Tests/PodNetwork/reach-outside",
              try Workspace.program(), "labs/secureboot", "vmi-pxe-boot",
            ], environment: workspace.environment), directory: Workspace.repository
        ).outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("the outside answers"), "\(outcome.output)")
        #expect(lines.contains("status 0"), "\(outcome.output)")
      }
    }
  }
}
