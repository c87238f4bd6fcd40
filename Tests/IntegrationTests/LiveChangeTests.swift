import Foundation
import Testing

extension LabTests {
  /// What another `up` changes in a lab that is up, as a client on its networks sees it.
  @Suite struct LiveChange {
    @Test func serverAndVLANAreChangedInPlace() async throws {
      try await Workspace.use { workspace in
        var text = try String(contentsOfFile: "\(Workspace.labs)/halted/lab.yaml", encoding: .utf8)
        // The folder has the lab's name.
        let folder = try workspace.folder("halted", ["lab.yaml": text])
        let up = try await workspace.run("up", folder)
        try #require(up.status == 0, "\(up.errors)")

        text = text.replacingOccurrences(
          of: "start: 192.168.100.50, end: 192.168.100.99",
          with: "start: 192.168.100.7, end: 192.168.100.9")
        _ = try workspace.folder("halted", ["lab.yaml": text])
        let range = try await workspace.run("up", folder)
        #expect(range.status == 0, "\(range.errors)")
        #expect(
          range.output.contains(
            #"server.range.start: "192.168.100.50" -> "192.168.100.7""#), "\(range.output)")
        let first = try await lease(workspace)
        #expect(first.errors.contains(/lease of 192.168.100.[789] obtained/), "\(first.errors)")

        text = text.replacingOccurrences(of: #""vlan": 100"#, with: #""vlan": 200"#)
        _ = try workspace.folder("halted", ["lab.yaml": text])
        let vlan = try await workspace.run("up", folder)
        #expect(vlan.status == 0, "\(vlan.errors)")
        #expect(try await lease(workspace, "--vlan", "100").status != 0)
        #expect(try await lease(workspace, "--vlan", "200").status == 0)
        let file = "\(workspace.root)/shim"
        let transfer = try await workspace.run(
          "exec", "@pxe-net-conf", "--", "busybox", "tftp", "-g", "-r", "shimx64.efi", "-l", file,
          "192.168.100.1")
        #expect(transfer.status == 0, "\(transfer.errors)")
        #expect(
          try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int == 1_048_504)

        let down = try await workspace.run("down")
        #expect(down.status == 0, "\(down.errors)")
      }
    }

    private func lease(_ workspace: Workspace, _ options: String...) async throws -> Outcome {
      try await workspace.start(
        ["exec", "@pxe-net-conf", "--address", "none"] + options + [
          "--", "busybox", "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-S", "-t", "5", "-T", "1",
          "-s", "/bin/true",
        ]
      ).outcome()
    }
  }
}
