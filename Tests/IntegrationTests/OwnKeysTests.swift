import Diagnosis
import Foundation
import LabHost
import Testing

extension LabTests {
  /// Secure Boot with a lab's own keys, and stores over the starts of their machines.
  @Suite struct OwnKeys {
    @Test func signedIsAcceptedAndAnEditOfTheStoreIsInForce() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/own-keys")
        let machine = try outcome.report.machine
        #expect(outcome.status == 0, machine.complaints)
        #expect(machine.witnesses.guest.seen?.secureBoot == true)
        let keys = "\(workspace.state)/stores/own-keys/keys"
        for (name, mode) in [("", 0o700), ("/db.key", 0o600), ("/PK.key", 0o600)] {
          let attributes = try FileManager.default.attributesOfItem(atPath: keys + name)
          #expect(attributes[.posixPermissions] as? Int == mode)
        }
        let db = try await workspace.run("efi", "get", "own-keys", "db")
        #expect(db.output.contains("certificate CN=pxelab lab own-keys db"), "\(db.errors)")
        #expect(db.output.split(separator: "\n").count { $0.hasPrefix("certificate") } == 1)

        let list = try await workspace.run("efi", "list", "own-keys")
        let entry = try #require(
          list.output.split(separator: "\n").first { $0.contains("\"UEFI HTTPv4 ") })
        let set = try await workspace.run(
          "efi", "set", "own-keys", "BootNext", "\(entry.prefix(8))")
        #expect(set.status == 0, "\(set.errors)")
        let diff = try await workspace.run("efi", "diff", "own-keys")
        #expect(diff.status == 1)
        #expect(diff.output == "+ BootNext NV+BS+RT \(entry.prefix(8).suffix(4))\n")

        // It boots by HTTP before it boots by PXE.
        let up = try await workspace.start(["up", "labs/own-keys"])
        try await up.wait(for: "own-keys: DISCOVER vlan 100 arch 16")
        #expect(await !up.output.text.contains("arch 7"))
        let snapshot = try await workspace.run("efi", "get", "own-keys", "BootNext")
        #expect(snapshot.errors.contains("own-keys is on"), "\(snapshot.errors)")
        let refused = try await workspace.run("efi", "delete", "own-keys", "BootOrder")
        #expect(refused.status == 5)
        #expect(refused.errors.contains("turn it off first"), "\(refused.errors)")
        let down = try await workspace.run("down", "own-keys")
        #expect(down.status == 0, "\(down.errors)")
        _ = try await up.outcome()
        #expect(workspace.stores == ["own-keys/own-keys_VARS.fd"])
        _ = try await workspace.run("down", "--purge", "own-keys")
        #expect(!FileManager.default.fileExists(atPath: keys))
      }
    }

    @Test(arguments: [
      ("not-signed", "Access Denied"), ("revoked-generation", "SBAT self-check failed"),
    ])
    func refused(lab: String, evidence: String) async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/faults/\(lab)")
        #expect(outcome.status == 1)
        let machine = try outcome.report.machine
        #expect(machine.verdict == .fail)
        #expect(machine.findings.first?.id == "PXL009", machine.complaints)
        #expect(outcome.output.contains(evidence), machine.complaints)
      }
    }
  }
}
