import Testing

extension LabTests {
  @Suite struct Minimal {
    @Test func aMachineAndItsAttachmentAreEnough() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run("up", "--once", "labs/minimal")
        #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
        let assumed = outcome.output.split(separator: "\n").filter { $0.contains("assum") }
          .joined(separator: "\n")
        for word in ["provisioning", "192.168.20.1", "debian-secureboot", "node-1", "VLAN 20"] {
          #expect(assumed.contains(word), "\(outcome.output)\n\(outcome.errors)")
        }
      }
    }
  }
}
