import Testing

extension LabTests {
  @Suite struct SideBySide {
    /// The same bridge name and the same MAC address twice: sandboxes keep them apart.
    @Test func twoLabsOfTheSameManifestsBothPass() async throws {
      try await Workspace.use { workspace in
        let arguments = ["up", "--once", "--format", "json", "labs/secureboot", "--name"]
        let first = try await workspace.start(arguments + ["a"])
        let second = try await workspace.start(arguments + ["b"])
        for (name, lab) in [("a", first), ("b", second)] {
          let outcome = try await lab.outcome()
          let report = try outcome.report
          #expect(report.lab == name)
          let machine = try report.machine
          #expect(outcome.status == 0, machine.complaints)
          try SecureBootWitnesses(machine).expectAll()
        }
      }
    }
  }
}
