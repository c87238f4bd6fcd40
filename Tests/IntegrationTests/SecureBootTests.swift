import Addresses
import Diagnosis
import LabHost
import Testing

extension LabTests {
  @Suite struct SecureBoot {
    @Test func machineBootsAndEachWitnessSaysSo() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/secureboot")
        let report = try outcome.report
        let machine = try report.machine
        #expect(outcome.status == 0, machine.complaints)
        #expect(report.lab == "secureboot")
        #expect(["linux-bridge", "open-vswitch"].contains(report.dataplane))
        #expect(["kvm", "tcg"].contains(report.acceleration))
        #expect(machine.name == "vmi-pxe-boot")
        #expect(machine.verdict == .pass)
        #expect(machine.findings.filter { $0.severity == .error } == [])
        #expect(!machine.timeline.isEmpty)
        try SecureBootWitnesses(machine).expectAll()
        #expect(workspace.stores == ["secureboot/vmi-pxe-boot_VARS.fd"])
      }
    }

    @Test func serverOnAnotherVLANIsFound() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/faults/server-on-vlan-200")
        #expect(outcome.status == 1)
        let machine = try outcome.report.machine
        #expect(machine.verdict == .fail)
        let finding = try #require(machine.findings.first, machine.complaints)
        #expect(finding.id == "PXL003")
        #expect(finding.severity == .error)
        #expect(
          finding.title.hasPrefix(
            "DHCP DISCOVER was seen on VLAN 100 and no server answers there"))
        #expect(finding.title.contains("192.168.100.1 is on VLAN 200"))
        #expect(finding.fix.contains("VLAN 200"))
        let wire = try #require(machine.witnesses.wire.seen)
        #expect(wire.exchanges.allSatisfy { $0.vlan == VLANID(rawValue: 100) && $0.isUnanswered })
        #expect(wire.exchanges.contains { $0.discovers > 0 })
        #expect(machine.witnesses.host.holds, machine.complaints)
        #expect(!machine.witnesses.guest.holds)
      }
    }
  }
}
