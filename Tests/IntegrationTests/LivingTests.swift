import Execution
import ExternalCommand
import Foundation
import Glibc
import LabHost
import Testing

extension LabTests {
  /// Machines that are switched, stop by themselves, and have keyboards and screens.
  @Suite struct Living {
    private func inLab(_ body: (Workspace) async throws -> Void) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "\(Workspace.labs)/living")
        try #require(up.status == 0, "\(up.errors)")
        try await body(workspace)
        let down = try await workspace.run("down")
        #expect(down.status == 0, "\(down.errors)")
      }
    }

    @Test func machinesArePoweredAsTheirRunStrategiesSay() async throws {
      try await inLab { workspace in
        let events = try await workspace.start([
          "events", "--follow", "--kind", "power", "--kind", "object",
        ])
        try await expectPower(workspace, ["always": "running", "rerun": "running"])
        try await expectPower(workspace, ["once": "running", "manual": "off", "halted": "off"])

        // What cannot be started again is not taken the power from.
        try await expectRefused(
          workspace, ["power", "cycle", "once"], "Once does not support manual start requests")
        try await expectPower(workspace, ["once": "running"])

        // What stops by itself.
        try await destroy("always", workspace)
        try await events.wait(for: "always: started", times: 2)
        try await waitFor("always", "Running", workspace)
        try await destroy("rerun", workspace)
        try await events.wait(for: "rerun: stopped: its power was taken away")
        try await events.wait(for: "rerun: Stopped the virtual machine by deleting")
        try await destroy("once", workspace)
        try await events.wait(for: "once: stopped")
        try await waitFor("once", "Succeeded", workspace)
        try await expectPower(workspace, ["always": "running", "rerun": "off", "once": "off"])
        #expect(try await workspace.run("power", "on", "rerun").status == 0)
        try killQEMU(of: "rerun", workspace)
        try await events.wait(for: "rerun: started", times: 3)
        try await waitFor("rerun", "Running", workspace)

        // What people switch.
        try await expectRefused(
          workspace, ["power", "on", "once"], "Once does not support manual start requests")
        try await expectRefused(workspace, ["power", "on", "always"], "always runs already")
        try await expectRefused(workspace, ["power", "off", "manual"], "manual is off already")
        let stopped = try await workspace.run("power", "off", "always", "--format", "json").machines
        #expect(stopped.map(\.runStrategy) == ["Halted"] && stopped.map(\.power) == ["off"])
        let started = try await workspace.run("power", "on", "halted", "--format", "json").machines
        #expect(started.map(\.runStrategy) == ["Always"] && started.map(\.starts) == [1])
        #expect(started.map(\.stage) == ["defined"])
        let cycled = try await workspace.run("power", "cycle", "halted", "--format", "json")
          .machines
        #expect(cycled.map(\.starts) == [2] && cycled.map(\.power) == ["running"])
        #expect(try await workspace.run("power", "reset", "halted").status == 0)
        try await events.wait(for: "halted: reset")

        #expect(try await workspace.run("pause", "rerun").status == 0)
        try await expectPower(workspace, ["rerun": "paused"])
        try await expectRefused(workspace, ["pause", "rerun"], "rerun is paused already")
        try await expectRefused(workspace, ["power", "on", "rerun"], "`pxelab resume rerun`")
        try await expectRefused(workspace, ["power", "off", "rerun", "--soft"], "rerun is paused")
        #expect(try await workspace.run("resume", "rerun").status == 0)
        try await expectPower(workspace, ["rerun": "running"])
        try await expectRefused(workspace, ["boot", "rerun", "--once", "pxe"], "boots by BIOS")
        try await expectRefused(workspace, ["power", "on", "nosuch"], "has no machine nosuch", 64)
        try await expectRefused(workspace, ["resume", "manual"], "manual is off")
        // One that refuses is no reason to leave the next.
        try await expectRefused(
          workspace, ["power", "off", "manual", "halted"], "manual is off already")
        try await expectPower(workspace, ["halted": "off"])

        let past = try await workspace.run("events", "--kind", "power", "--format", "json").output
        let list = try JSONDecoder().decode([LabEvent].self, from: Data(past.utf8))
        #expect(list.contains { $0.machine == "always" && $0.text.hasPrefix("stopped: ") })
        events.signal(SIGINT)
        _ = try await events.outcome()
      }
    }

    @Test func keyboardAndScreenAreReached() async throws {
      try await inLab { workspace in
        let picture = "\(workspace.root)/screen.png"
        let shot = try await workspace.run("screenshot", "always", "-o", picture)
        #expect(shot.status == 0, "\(shot.errors)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
        #expect(bytes.prefix(4) == Data([0x89]) + Data("PNG".utf8))
        try await expectRefused(workspace, ["screenshot", "once"], "once has no screen", 64)
        try await expectRefused(workspace, ["vnc", "manual", "--address"], "manual is off")
        try await expectRefused(workspace, ["screenshot", "manual"], "manual is off")
        try await expectRefused(workspace, ["send-key", "manual", "f2"], "manual is off")
        try await expectRefused(workspace, ["type", "manual", "x"], "manual is off")
        try await expectRefused(workspace, ["type", "manual", "x", "--serial"], "manual is off")
        try await expectRefused(workspace, ["console", "manual"], "manual is off")

        let keys = try await workspace.run("send-key", "always", "ctrl+alt+delete", "f2", "a")
        #expect(keys.status == 0, "\(keys.errors)")
        #expect(try await workspace.run("type", "always", "Hello, World!", "--enter").status == 0)
        try await expectRefused(workspace, ["send-key", "always", "hyper+x"], "is no key", 64)
        try await expectRefused(workspace, ["type", "always", "ü"], "not on a US keyboard", 64)

        let vnc = try await workspace.start(["vnc", "always", "--listen", "0", "--format", "json"])
        try await vnc.wait(for: "}")
        struct Place: Decodable {
          var address: String
          var socket: String
        }
        let place = try JSONDecoder().decode(Place.self, from: Data(await vnc.output.text.utf8))
        let port = try #require(place.address.split(separator: ":").last)
        let client = try await RunningCommand(
          Command("busybox", ["nc", "127.0.0.1", "\(port)"]))
        try await client.wait(for: "RFB 003.")
        client.signal(SIGKILL)
        _ = try await client.outcome()
        vnc.signal(SIGINT)
        _ = try await vnc.outcome()

        // A viewer that takes a port, and shows what the screen says first.
        let viewer = "\(workspace.root)/bin/vncviewer"
        try FileManager.default.createDirectory(
          atPath: "\(workspace.root)/bin", withIntermediateDirectories: true)
        try #"""
        #!/bin/bash
        exec 3<>"/dev/tcp/${1%%:*}/${1##*:}" && /usr/bin/head -c 8 <&3 >"$0.said"

        """#.write(toFile: viewer, atomically: true, encoding: .utf8)
        #expect(chmod(viewer, 0o755) == 0)
        let opened = try await workspace.run(
          "vnc", "always", environment: ["DISPLAY": ":9", "PATH": "\(workspace.root)/bin"])
        #expect(opened.status == 0, "\(opened.errors)")
        #expect(try String(contentsOfFile: "\(viewer).said", encoding: .utf8) == "RFB 003.")
      }
    }

    /// The firmware makes its boot entries at its first start; then it can be told one.
    @Test func theFirmwareBootsSomethingElseOnce() async throws {
      try await inLab { workspace in
        try await expectRefused(
          workspace, ["boot", "efi", "--once", "pxe"], "the firmware has made no boot entries yet")
        let setup = try await workspace.run("boot", "efi", "--once", "setup")
        #expect(setup.errors.contains("OsIndications asks for the firmware's setup"))
        let console = try await workspace.start([
          "console", "efi", "--log", "\(workspace.root)/log",
        ])
        try await console.wait(for: "Select Language")
        // QEMU would let a second one wait without a word.
        try await expectRefused(workspace, ["console", "efi"], "somebody is attached")
        try await expectRefused(
          workspace, ["type", "efi", "x", "--serial"], "somebody is attached")
        let pxe = try await workspace.run("boot", "efi", "--once", "pxe")
        #expect(pxe.status == 0, "\(pxe.errors)")
        #expect(pxe.errors.contains("BootNext is Boot000"), "\(pxe.errors)")
        #expect(pxe.errors.contains("UEFI PXEv4"), "\(pxe.errors)")
        #expect(try await console.outcome().errors.contains("efi is off, and its console with it"))
        let log = try String(contentsOfFile: "\(workspace.root)/log", encoding: .utf8)
        #expect(log.contains("Select Language"))
        let again = try await workspace.start(["console", "efi"])
        // The disk is before it in the boot order, so only BootNext begins with it.
        try await again.wait(for: "Start PXE over IPv4")
        #expect(await !again.output.text.contains("Misc Device"))
        again.signal(SIGKILL)
        _ = try await again.outcome()
      }
    }

    private func expectPower(_ workspace: Workspace, _ expected: [String: String]) async throws {
      let lab = try #require(try await workspace.run("status", "--format", "json").labs.first)
      for (name, power) in expected {
        let machine = lab.machines.first { $0.name == name }
        #expect(machine?.power == power, "\(name)")
      }
    }

    private func waitFor(_ machine: String, _ phase: String, _ workspace: Workspace) async throws {
      let outcome = try await workspace.run("wait", machine, "--for", "phase=\(phase)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private func expectRefused(
      _ workspace: Workspace, _ arguments: [String], _ words: String, _ status: Int32 = 5,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let outcome = try await workspace.start(arguments).outcome()
      #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
      #expect(
        outcome.errors.contains(words), "\(outcome.errors)", sourceLocation: sourceLocation)
    }

    private func destroy(_ machine: String, _ workspace: Workspace) async throws {
      let uri = workspace.paths("living").files(of: .lab).libvirtURI
      try await SubprocessRunner().run(Command("virsh", ["-c", uri, "destroy", machine]))
    }

    /// A crash, as libvirt sees it.
    private func killQEMU(of machine: String, _ workspace: Workspace) throws {
      // QEMU's own words have no path of the lab; those that started it have.
      let lab = Set(ProcessTable.entries(mentioning: workspace.root).map(\.pid))
      let process = try #require(
        ProcessTable.entries(mentioning: "guest=\(machine),").first { lab.contains($0.parent) })
      kill(process.pid, SIGKILL)
    }
  }
}

extension Outcome {
  /// Machines as `--format json` of `power` prints them.
  fileprivate var machines: [MachineStatus] {
    get throws { try JSONDecoder().decode([MachineStatus].self, from: Data(output.utf8)) }
  }
}
