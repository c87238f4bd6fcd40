import Foundation
import Planning
import Testing

extension LabTests {
  /// What `netconf diff` says of a lab, with its machine off and on.
  @Suite struct NetConfDiff {
    @Test func aChangedAttachmentIsTold() async throws {
      try await Workspace.use { workspace in
        let folder = "\(Workspace.labs)/halted"
        let up = try await workspace.run("up", folder)
        try #require(up.status == 0, "\(up.errors)")

        let off = try await workspace.run("netconf", "diff", folder)
        #expect(off.status == 0, "\(off.errors)")
        #expect(off.output == "br-pxe: 1 port, all as asked\n")
        let on = try await workspace.run("power", "on", "idle")
        try #require(on.status == 0, "\(on.errors)")
        let same = try await workspace.run("netconf", "diff", folder, "--node", "node01")
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.output == "br-pxe: 2 ports, all as asked\n")

        var text = try String(contentsOfFile: "\(folder)/lab.yaml", encoding: .utf8)
        text = text.replacingOccurrences(
          of: #""vlan": 100"#, with: #""vlan": 200, "macspoofchk": true, "mtu": 1400"#)
        let changed = try workspace.folder("changed", ["net.yaml": text])
        let different = try await workspace.run(
          "netconf", "diff", changed, "--lab", "halted", "--format", "json")
        #expect(different.status == 1, "\(different.errors)")
        let differences = try JSONDecoder().decode(
          [PropertyDifference].self, from: Data(different.output.utf8))
        #expect(
          differences.map { "\($0.title) \($0.property): \($0.has) / \($0.asks)" } == [
            "br-pxe mtu: 1500 / 1400",
            "idle/pxe-net vlan: 100 PVID Egress Untagged / 200 PVID Egress Untagged",
            "idle/pxe-net mtu: 1500 / 1400",
            "idle/pxe-net macspoofchk: false / de:00:00:00:00:01",
          ])

        let node = try await workspace.run("netconf", "diff", folder, "--node", "worker-1")
        #expect(node.status == 64)
        #expect(node.errors.contains(#"the lab halted has no node "worker-1"; it has node01"#))
        let other = try await workspace.run(
          "netconf", "diff", "\(Workspace.repository)/labs/minimal")
        #expect(other.status == 64)
        #expect(other.errors.contains("has no attachment provisioning; it has pxe-net-conf"))
        let down = try await workspace.run("down")
        #expect(down.status == 0, "\(down.errors)")
        let gone = try await workspace.run("netconf", "diff", folder)
        #expect(gone.status == 5, "\(gone.errors)")
      }
    }
  }
}
