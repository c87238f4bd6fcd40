import Execution
import ExternalCommand
import Foundation
import Glibc
import Planning
import Testing

extension LabTests {
  @Suite(
    .enabled(
      if: getuid() == 0
        && EmulatorUser.isPossible(
          userMap: (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""),
      "QEMU of an ordinary user is that user"))
  struct QEMUOfRoot {
    /// labs/minimal with disks of each owner: a file of another user's, what is written over an image,
    /// and a claim that is kept; all below a folder that only root may enter.
    @Test func isAUserWhoOwnsNothingElse() async throws {
      try await Workspace.use { workspace in
        let folder = try workspace.copy(
          of: "minimal",
          [
            Edit(
              "machine.yaml", "      interfaces:\n",
              """
                    disks:
                    - {name: host, disk: {bus: virtio}}
                    - {name: over, disk: {bus: virtio}}
                    - {name: kept, disk: {bus: virtio}}
                    interfaces:

              """),
            Edit(
              "machine.yaml", "  networks:\n",
              """
                volumes:
                - {name: host, hostDisk: {path: \(workspace.root)/manifests/host.img, type: Disk}}
                - {name: over, containerDisk: {image: over}}
                - {name: kept, persistentVolumeClaim: {claimName: kept}}
                networks:

              """),
          ])
        try """
        apiVersion: hco.kubevirt.io/v1beta1
        kind: HyperConverged
        metadata: {name: kubevirt-hyperconverged}
        spec: {featureGates: {HostDisk: true}}
        """.write(toFile: "\(folder)/cluster.yaml", atomically: true, encoding: .utf8)
        let disk = "\(folder)/host.img"
        #expect(FileManager.default.createFile(atPath: disk, contents: Data(count: 1 << 20)))
        try #require(chown(disk, 1234, 99) == 0 && chmod(disk, 0o600) == 0)

        let base = "\(folder)/images/over.qcow2"
        try FileManager.default.createDirectory(
          atPath: "\(folder)/images", withIntermediateDirectories: false)
        try await SubprocessRunner().run(
          Command("qemu-img", ["create", "-q", "-f", "qcow2", base, "1M"]))
        try #require(chmod(base, 0o600) == 0)

        let up = try await workspace.run("up", "--name", "minimal", folder)
        #expect(up.status == 0, "\(up.output)\n\(up.errors)")
        let paths = workspace.paths("minimal")
        let user = EmulatorUser(lab: paths).id
        let pid = try emulator(of: "node-1", in: workspace)
        let status = try Self.fields(ofProcess: pid)
        // The numbers are the machine's own: QEMU is in no user namespace but this one.
        #expect(
          try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/user")
            == FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/user"))
        for field in ["Uid", "Gid"] {
          #expect(status[field] == Array(repeating: "\(user)", count: 4), "\(field)")
        }
        #expect(status["Groups"] == ["\(user)"])
        for field in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
          #expect(status[field] == ["0000000000000000"], "\(field)")
        }
        #expect(status["NoNewPrivs"] == ["1"] && status["Seccomp"] == ["2"])
        try await expectRefused(user, workspace, "\(paths.directory)/plan.json")

        // A viewer finds the screen where it is said to be.
        let screen = try await workspace.run(
          "screenshot", "node-1", "-o", "\(workspace.root)/s.png")
        #expect(screen.status == 0, "\(screen.errors)")
        let vnc = try await workspace.run("vnc", "node-1", "--address")
        #expect(vnc.output == "vnc+unix://\(paths.machine("node-1"))/screen/vnc.sock\n")

        try await expectOwnViewersOnly(workspace)

        let off = try await workspace.run("power", "off", "node-1")
        let on = try await workspace.run("power", "on", "node-1")
        #expect(off.status == 0 && on.status == 0, "\(off.errors)\(on.errors)")
        let again = try emulator(of: "node-1", in: workspace)
        #expect(try again != pid && Self.fields(ofProcess: again)["Uid"] == status["Uid"])

        let down = try await workspace.run("down", "minimal")
        #expect(down.status == 0, "\(down.errors)")
        var left = stat()
        #expect(stat(disk, &left) == 0 && left.st_uid == 1234 && left.st_gid == 99)
        #expect(left.st_mode & 0o777 == 0o600 && left.st_size == 1 << 20)
        #expect(stat(base, &left) == 0 && left.st_uid == 0 && left.st_mode & 0o777 == 0o600)
        let claim = "\(workspace.state)/stores/minimal/claims/default.kept.img"
        #expect(FileManager.default.fileExists(atPath: claim))
      }
    }

    /// The port of a screen says nothing to another user's program.
    private func expectOwnViewersOnly(_ workspace: Workspace) async throws {
      let offer = try await workspace.start(["vnc", "node-1", "--listen", "0"])
      try await offer.wait(for: "vnc://127.0.0.1:")
      let port = try #require(
        await offer.output.text.split(whereSeparator: { ":\n".contains($0) }).last)
      let connect = ["busybox", "nc", "127.0.0.1", "\(port)"]
      let other = try await RunningCommand(
        Command("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups"] + connect))
      #expect(try await other.outcome().output == "")
      let own = try await RunningCommand(Command("busybox", Array(connect.dropFirst())))
      try await own.wait(for: "RFB 003.")
      own.signal(SIGKILL)
      _ = try await own.outcome()
      offer.signal(SIGINT)
      _ = try await offer.outcome()
    }

    /// The process of a machine's QEMU in the sandbox of this workspace.
    private func emulator(of machine: String, in workspace: Workspace) throws -> Int32 {
      func namespace(_ pid: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/pid")
      }
      let libvirt = try #require(
        ProcessTable.entries(mentioning: workspace.root).first {
          $0.arguments.first?.hasSuffix("libvirtd") == true
        })
      let machines = ProcessTable.entries(mentioning: "guest=\(machine),").filter {
        namespace($0.pid) == namespace(libvirt.pid)
      }
      return try #require(machines.first, "\(machines)").pid
    }

    /// The fields of `/proc/PID/status`.
    private static func fields(ofProcess pid: Int32) throws -> [String: [String]] {
      let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      return Dictionary(
        uniqueKeysWithValues: text.split(separator: "\n").compactMap { line in
          let parts = line.split(separator: ":", maxSplits: 1)
          guard parts.count == 2 else { return nil }
          return (String(parts[0]), parts[1].split(whereSeparator: \.isWhitespace).map(String.init))
        })
    }

    /// A process with QEMU's credentials writes to no file of root's, and reads none that root alone
    /// may; its own it does write.
    private func expectRefused(_ user: UInt32, _ workspace: Workspace, _ plan: String) async throws
    {
      let folder = "/tmp/\(URL(fileURLWithPath: workspace.root).lastPathComponent)-open"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      for (name, owner) in [("roots", 0), ("own", user)] {
        let file = "\(folder)/\(name)"
        #expect(FileManager.default.createFile(atPath: file, contents: Data()))
        try #require(chown(file, owner, owner) == 0 && chmod(file, 0o644) == 0)
      }
      try #require(chmod(folder, 0o755) == 0)
      let script = """
        try() { if (eval "$1") 2>/dev/null; then echo "$2"; fi; }
        try 'echo x >>"$0/own"' own
        try 'echo x >>"$0/roots"' roots
        try 'echo x >"$0/new"' new
        try 'cat "$1" >/dev/null' plan
        """.replacing("$1\" >/dev/null", with: "\(plan)\" >/dev/null")
      let output = try await SubprocessRunner().run(
        Command(
          "setpriv",
          [
            "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "--no-new-privs", "sh", "-c",
            script, folder,
          ]))
      #expect(output == "own\n")
    }
  }
}
