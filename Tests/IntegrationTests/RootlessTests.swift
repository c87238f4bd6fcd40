import Glibc
import Testing

extension LabTests {
  @Suite(.enabled(if: getuid() == 0, "only root can make a user; the other tests run as this one"))
  struct Rootless {
    @Test func anOrdinaryUserBootsTheSameLab() async throws {
      try await Workspace.useAsOrdinaryUser { _, start in
        let outcome = try await start(["up", "--once", "--format", "json", "labs/secureboot"])
          .outcome()
        let machine = try outcome.report.machine
        #expect(outcome.status == 0, machine.complaints)
        try SecureBootWitnesses(machine).expectAll()
      }
    }
  }
}
