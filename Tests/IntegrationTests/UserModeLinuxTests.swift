import Addresses
import Execution
import ExternalCommand
import Foundation
import Testing

/// Debian has the package: there a missing one is a failure.
private var userModeLinuxIsExpected: Bool {
  let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
  return ExecutableSearch.current.path(of: "linux") != nil
    || release.split(separator: "\n").contains("ID=debian")
}

extension LabTests {
  /// The Linux bridge with VLAN filtering, which this machine's own kernel may lack.
  @Suite(
    .enabled(
      if: userModeLinuxIsExpected,
      "this distribution has no user-mode Linux, whose bridge filters VLANs"))
  struct UserModeLinux {
    @Test func aClientOnAnAccessPortGetsALease() async throws {
      let outcome = try await run(
        "--memory", "2G", "--timeout", "540",
        "\(Workspace.repository)/Tests/UserModeLinux/dhcp-client", try Workspace.program(),
        "\(Workspace.labs)/halted")
      try #require(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
      #expect(outcome.output.contains("dataplane: Linux bridge with VLAN filtering"))

      let table = try PortVLANTable(json: value("table before", in: outcome))
      // The server's port, VLAN 100 alone; a machine that is off has none.
      #expect(table.ports.keys.sorted() == ["br-pxe", "pxl-s1466dc99"])
      #expect(
        table.ports["pxl-s1466dc99"] == [.init(vlan: 100, flags: ["PVID", "Egress Untagged"])])
      let after = try PortVLANTable(json: value("table after", in: outcome))
      #expect(after.ports["client"] == table.ports["pxl-s1466dc99"])

      let lease = try value("lease", in: outcome)
      #expect(lease.hasPrefix("192.168.100."), "\(lease)")
      #expect(lease.hasSuffix("from 192.168.100.1 boot shimx64.efi"), "\(lease)")

      // The tag, on every frame of the exchange in pxelab's own capture.
      let frames = try value("frames", in: outcome).components(separatedBy: "; ")
      #expect(frames.count >= 4)
      for frame in frames {
        #expect(frame.contains("ethertype 802.1Q (0x8100)") && frame.contains("vlan 100,"))
      }
      #expect(outcome.output.contains("removed the lab halted"))
    }

    /// From an access port of a node's bridge, over its trunk and the fabric's bridge, to the server.
    @Test func aClientOnANodeGetsALeaseOverItsTrunk() async throws {
      let outcome = try await run(
        "--memory", "2G", "--timeout", "540",
        "\(Workspace.repository)/Tests/UserModeLinux/node-clients", try Workspace.program(),
        "\(Workspace.labs)/halted-nodes")
      try #require(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
      #expect(outcome.output.contains("dataplane: Linux bridge with VLAN filtering"))
      let lease = try value("node01", in: outcome)
      #expect(lease.hasSuffix("from 192.168.100.1 boot shimx64.efi"), "\(lease)")
      #expect(try value("node02", in: outcome) == "no lease", "its trunk does not carry VLAN 100")
      for (node, vlans) in [("node01", [100]), ("node02", [200])] {
        let table = try PortVLANTable(json: value("table of \(node)", in: outcome))
        let uplinks = table.ports.filter { $0.key.hasPrefix("pxl-n") }
        #expect(uplinks.count == 1 && uplinks.values.first?.map(\.vlan) == vlans)
      }
      let fabric = try PortVLANTable(json: value("table of the fabric", in: outcome))
      #expect(fabric.ports.keys.count { $0.hasPrefix("pxl-n") } == 2)
    }

    @Test func theLabsDHCPStaysInsideOfAnUplink() async throws {
      let outcome = try await run(
        "--memory", "2G", "--timeout", "540", "env", "PXELAB_STATE_HOME=/tmp/state",
        "\(Workspace.repository)/Tests/Uplink/outside", "dhcp", try Workspace.program(),
        "\(Workspace.labs)/halted")
      #expect(outcome.errors.contains("dataplane: Linux bridge with VLAN filtering"))
      try expectDHCPStaysInside(outcome)
    }

    /// A whole firmware boot as far as the NBP; there is no time for what comes after.
    @Test func theFirmwareLoadsTheBootProgram() async throws {
      let outcome = try await run(
        "--memory", "3G", "--timeout", "540", "env", "PXELAB_STATE_HOME=/tmp/state",
        try Workspace.program(), "up", "--once", "--format", "json", "\(Workspace.labs)/firmware")
      let report = try outcome.report
      #expect(report.dataplane == "linux-bridge")
      let machine = try report.machine
      let wire = machine.witnesses.wire
      #expect(wire.holds, machine.complaints)
      #expect(wire.checks.map(\.name).contains("NBP"))
      let trace = try #require(wire.seen)
      #expect(trace.vlans == [VLANID(rawValue: 100)])
      let lease = try #require(trace.bootLease)
      #expect(lease.discovers > 0)
      #expect(lease.acks.map(\.server) == [IPv4Address("192.168.100.1")])
      #expect(trace.transfers(of: "shimx64.efi").contains { $0.isWhole && $0.bytes > 0 })
      let host = machine.witnesses.host
      #expect(host.holds, machine.complaints)
    }

    /// Runs a command in user-mode Linux with the images that this machine has.
    private func run(_ arguments: String...) async throws -> Outcome {
      let cache = Workspace.cache
      let program = URL(fileURLWithPath: try Workspace.program()).deletingLastPathComponent().path
      return try await RunningCommand(
        Command(
          "\(Workspace.repository)/Tests/UserModeLinux/run",
          [
            "--env", "PXELAB_IMAGES", "--env", "PXELAB_CACHE_HOME", "--share", program,
            "--share", cache,
          ] + arguments,
          environment: [
            "PXELAB_IMAGES": "\(Workspace.repository)/images", "PXELAB_CACHE_HOME": cache,
          ]), directory: Workspace.repository
      ).outcome()
    }

    /// What follows `TITLE: ` on its line.
    private func value(_ title: String, in outcome: Outcome) throws -> String {
      let line = outcome.output.split(separator: "\n").first { $0.hasPrefix("\(title): ") }
      return String(try #require(line, "\(outcome.output)").dropFirst(title.count + 2))
    }
  }
}

/// What `bridge -json vlan show` prints.
private struct PortVLANTable {
  struct Row: Decodable, Equatable {
    var vlan: Int
    var flags: [String]?
  }

  private struct Port: Decodable {
    var ifname: String
    var vlans: [Row]
  }

  var ports: [String: [Row]]

  init(json: String) throws {
    let ports = try JSONDecoder().decode([Port].self, from: Data(json.utf8))
    self.ports = Dictionary(uniqueKeysWithValues: ports.map { ($0.ifname, $0.vlans) })
  }
}
