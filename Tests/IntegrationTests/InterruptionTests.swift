import ExternalCommand
import FileSystem
import Glibc
import Testing

extension LabTests {
  /// Bad luck at any moment: whatever dies, `down` cleans up.
  @Suite struct Interruption {
    /// A moment of `up`, by what it says then.
    static let moments = [
      "lab secureboot", "dataplane: ", "network made", ": started", "DISCOVER",
      "nbp 0 %",
    ]

    @Test(arguments: moments) func controlCRemovesTheLab(_ moment: String) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.start(["up", "labs/secureboot"])
        try await up.wait(for: moment)
        #expect(await !up.output.text.contains("PASS"), "too late to interrupt")
        up.signal(SIGINT)
        let outcome = try await up.outcome()
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(outcome.errors.contains("interrupted"), "\(outcome.errors)")
        workspace.expectNothingLeft()
      }
    }

    @Test(arguments: [SIGQUIT, SIGHUP, SIGTERM])
    func otherSignalsRemoveTheLabToo(_ signal: Int32) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.start(["up", "labs/secureboot"])
        try await up.wait(for: ": started")
        up.signal(signal)
        let outcome = try await up.outcome()
        #expect(outcome.status == 130, "\(outcome.errors)")
        workspace.expectNothingLeft()
      }
    }

    @Test func aReaderThatWentRemovesTheLab() async throws {
      try await Workspace.use { workspace in
        let script = #"set -o pipefail; "$0" up labs/secureboot | grep -m 1 ": started""#
        let pipeline = try await RunningCommand(
          Command(
            "bash", ["-c", script, try Workspace.program()], environment: workspace.environment),
          directory: Workspace.repository)
        let outcome = try await pipeline.outcome()
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(outcome.output.contains(": started"))
        workspace.expectNothingLeft()
      }
    }

    @Test(arguments: moments) func downCleansUpAfterAKilledUp(_ moment: String) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.start(["up", "labs/secureboot"])
        try await up.wait(for: moment)
        up.signal(SIGKILL)
        #expect(try await up.outcome().status == 128 + SIGKILL)
        let wasMade = workspace.labFolders == ["secureboot"]
        let down = try await workspace.run("down", "secureboot")
        // Killed before anything was made, there is no lab to take down.
        #expect(down.status == (wasMade ? 0 : 5), "\(down.errors)")
        workspace.expectNothingLeft()
      }
    }

    @Test func aKilledSupervisorEndsUpAndDownCleansUp() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.start(["up", "labs/secureboot"])
        try await up.wait(for: ": started")
        try killSupervisor(of: workspace)
        let outcome = try await up.outcome()
        #expect(outcome.status == 5, "\(outcome.output)\n\(outcome.errors)")
        if workspace.labFolders != [] {
          #expect(try await workspace.run("down", "secureboot").status == 0)
        }
        workspace.expectNothingLeft()
      }
    }

    @Test func aLabWhoseSupervisorWasKilledIsDead() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "\(Workspace.labs)/halted")
        #expect(up.status == 0, "\(up.errors)")
        try killSupervisor(of: workspace)
        #expect(
          try await FileLock.waitUntilFree(
            path: workspace.paths("halted").supervisorLog, within: .seconds(30)))
        let lab = try #require(try await workspace.run("status", "--format", "json").labs.first)
        #expect(lab.phase == .dead)
        #expect(try await workspace.run("status").output.contains("pxelab down halted"))
        #expect(try await workspace.run("down", "halted").status == 0)
        workspace.expectNothingLeft()
      }
    }

    /// What a dead lab left does not stand in the way of the next one.
    @Test func upReplacesADeadLab() async throws {
      try await Workspace.use { workspace in
        #expect(try await workspace.run("up", "\(Workspace.labs)/halted").status == 0)
        try killSupervisor(of: workspace)
        #expect(
          try await FileLock.waitUntilFree(
            path: workspace.paths("halted").supervisorLog, within: .seconds(30)))
        let again = try await workspace.run("up", "\(Workspace.labs)/halted")
        #expect(again.status == 0, "\(again.errors)")
        #expect(!again.errors.contains("up already"), "\(again.errors)")
        #expect(try await workspace.run("down").status == 0)
        workspace.expectNothingLeft()
      }
    }

    private func killSupervisor(of workspace: Workspace) throws {
      let entries = ProcessTable.entries(mentioning: workspace.state).filter {
        $0.arguments.dropFirst().first == "supervise"
      }
      // A program that it is starting looks like itself until it runs.
      let supervisors = entries.filter { entry in !entries.contains { $0.pid == entry.parent } }
      try #require(supervisors.count == 1, "\(supervisors)")
      kill(supervisors[0].pid, SIGKILL)
    }
  }
}
