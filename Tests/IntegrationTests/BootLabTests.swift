import Testing

extension LabTests {
  /// Each kind of network boot and boot order that is quick enough; `make labs` boots the others too.
  @Suite struct BootLabs {
    @Test(arguments: [
      "bios-pxelinux", "uefi-http", "uefi-https", "uefi-pxev6", "boot-order",
    ])
    func boots(_ lab: String) async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run("up", "--once", "--format", "json", "labs/\(lab)")
        for machine in try outcome.report.machines {
          #expect(machine.verdict == .pass, "\(machine.name): \(machine.complaints)")
        }
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
  }
}
