import Addresses
import Execution
import ExternalCommand
import Foundation
import LabHost
import Testing

extension LabTests {
  /// A lab that stays up: what the other commands do with it.
  @Suite struct Lifecycle {
    @Test func aLabStaysUpUntilItIsTakenDown() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "labs/secureboot")
        #expect(up.status == 0, "\(up.output)\n\(up.errors)")
        #expect(up.output.contains("The lab stays up"))

        let lab = try await expectStatus(workspace)
        try await expectSecondUpLeavesItAlone(workspace)
        let list = try await SubprocessRunner().run(
          Command("virsh", ["-c", lab.libvirtURI, "list", "--name"]))
        #expect(list.split(separator: "\n") == ["vmi-pxe-boot"])
        try await expectLogs(workspace)
        try await expectConsole(workspace)

        let down = try await workspace.run("down", "secureboot")
        #expect(down.status == 0, "\(down.errors)")
        #expect(workspace.stores == ["secureboot/vmi-pxe-boot_VARS.fd"])
        workspace.expectNothingLeft()
        try await expectStoreIsUsedAgain(workspace)

        let purge = try await workspace.run("down", "--purge", "secureboot")
        #expect(purge.status == 0, "\(purge.errors)")
        #expect(workspace.stores == [])
        #expect(try await workspace.run("status").output.contains("no lab is up"))
      }
    }

    /// The issue's own: a folder named openshift-virtualization-kustomization-lab-1, and a home.
    @Test func aLabMayBeFarAwayAndHaveALongName() async throws {
      try await Workspace.use { workspace in
        let far = ["PXELAB_STATE_HOME": "\(workspace.state)/home/somebody/.local/state/pxelab"]
        let name = "openshift-virtualization-kustomization-lab-1"
        let up = try await workspace.run(
          "up", "-d", "labs/minimal", "--name", name, environment: far)
        #expect(up.status == 0, "\(up.errors)")
        let wait = try await workspace.run(
          "wait", name, "--for", "phase=Running", environment: far)
        #expect(wait.status == 0, "\(wait.errors)")
        let status = try await workspace.run("status", "--format", "json", environment: far)
        let lab = try #require(status.labs.first)
        #expect(lab.phase == .running)
        let list = try await SubprocessRunner().run(
          Command("virsh", ["-c", lab.libvirtURI, "list", "--name"]))
        #expect(list.split(separator: "\n").count == 1)
        let link =
          "/tmp/" + (lab.libvirtURI.split(separator: "/").first { $0.hasPrefix("pxelab-") } ?? "")
        #expect(link.count > 5 && FileManager.default.fileExists(atPath: link))
        let down = try await workspace.run("down", "--purge", name, environment: far)
        #expect(down.status == 0, "\(down.errors)")
        #expect(!FileManager.default.fileExists(atPath: link))
        try FileManager.default.removeItem(atPath: "\(workspace.state)/home")
      }
    }

    private func expectStatus(_ workspace: Workspace) async throws -> LabStatus {
      let labs = try await workspace.run("status", "--format", "json").labs
      let lab = try #require(labs.first)
      #expect(labs.count == 1)
      #expect(lab.lab == "secureboot")
      #expect(lab.phase == .running)
      let machine = try #require(lab.machines.first)
      #expect(machine.name == "vmi-pxe-boot")
      #expect(machine.verdict == "pass")
      let interface = try #require(machine.interfaces.first { $0.name == "pxe-net" })
      #expect(interface.mac == MACAddress("de:00:00:00:00:de"))
      #expect(interface.vlan == VLANID(rawValue: 100))
      #expect(interface.address?.description.hasPrefix("192.168.100.") == true)
      #expect(FileManager.default.fileExists(atPath: machine.console))
      let text = try await workspace.run("status", "secureboot").output
      for word in [
        "secureboot", "vmi-pxe-boot", "de:00:00:00:00:de", "100", lab.libvirtURI, machine.console,
      ] {
        #expect(text.contains(word), "\(text)")
      }
      return lab
    }

    private func expectSecondUpLeavesItAlone(_ workspace: Workspace) async throws {
      let before = ProcessTable.entries(mentioning: workspace.state).map(\.pid)
      let up = try await workspace.run("up", "labs/secureboot")
      #expect(up.status == 0)
      #expect(up.output.contains("is up, and nothing has changed"), "\(up.output)\(up.errors)")
      let once = try await workspace.run("up", "--once", "labs/secureboot")
      #expect(once.status == 5)
      #expect(once.errors.contains("the lab") || once.errors.contains("a lab"), "\(once.errors)")
      let after = ProcessTable.entries(mentioning: workspace.state).map(\.pid)
      #expect(Set(after) == Set(before))
    }

    private func expectLogs(_ workspace: Workspace) async throws {
      let list = try await workspace.run("logs", "--list")
      #expect(list.status == 0)
      for part in ["supervisor", "server/pxe-net-conf", "console/vmi-pxe-boot", "libvirtd"] {
        #expect(list.output.contains(part), "\(list.output)")
      }
      let console = try await workspace.run("logs", "--part", "console/vmi-pxe-boot")
      #expect(console.output.contains("PXELAB-REPORT {"))
      let server = try await workspace.run("logs", "--part", "server/pxe-net-conf")
      #expect(server.output.contains("DHCPACK"))
      #expect(try await workspace.run("logs", "--part", "nothing").status == 64)
    }

    /// The probe leaves a shell on the serial console.
    private func expectConsole(_ workspace: Workspace) async throws {
      let console = try await RunningCommand(
        Command(
          "script",
          [
            "--quiet", "--flush", "--return", "--command",
            "'\(try Workspace.program())' console vmi-pxe-boot", "/dev/null",
          ], environment: workspace.environment))
      try await console.wait(for: "attached to vmi-pxe-boot")
      try await console.wait(for: "# ")
      try await console.type("echo $((6 * 7)) is the answer\r")
      try await console.wait(for: "42 is the answer")
      try await console.type("\u{1d}")
      await console.output.waitForEnd()
      #expect(try await console.outcome().status == 0)
    }

    private func expectStoreIsUsedAgain(_ workspace: Workspace) async throws {
      let store = "\(workspace.state)/stores/secureboot/vmi-pxe-boot_VARS.fd"
      // What only a boot writes: the description of this NIC's entry.
      let entry = Data("MAC:DE00000000DE".utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
      #expect(try Data(contentsOf: URL(fileURLWithPath: store)).range(of: entry) != nil)
      let up = try await workspace.start(["up", "labs/secureboot"])
      try await up.wait(for: ": started")
      let down = try await workspace.run("down", "secureboot")
      #expect(down.status == 0, "\(down.errors)")
      #expect(try await up.outcome().status == 5, "what it followed is gone")
      #expect(try Data(contentsOf: URL(fileURLWithPath: store)).range(of: entry) != nil)
      workspace.expectNothingLeft()
    }
  }
}
