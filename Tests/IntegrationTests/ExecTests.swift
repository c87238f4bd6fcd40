import ExternalCommand
import Foundation
import Glibc
import LabHost
import Testing

extension LabTests {
  /// Programs in a lab, whose machine is off.
  @Suite struct Exec {
    /// Brings the lab up, and takes it down afterwards.
    private func inLab(_ body: (Workspace) async throws -> Void) async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "\(Workspace.labs)/halted")
        try #require(up.status == 0, "\(up.errors)")
        try await body(workspace)
        let down = try await workspace.run("down")
        #expect(down.status == 0, "\(down.errors)")
      }
    }

    @Test func aProgramIsOnTheVLAN() async throws {
      try await inLab { workspace in
        let address = try await workspace.run(
          "exec", "@pxe-net-conf", "--", "ip", "-json", "address", "show", "eth0")
        #expect(address.status == 0, "\(address.errors)")
        #expect(try IPAddresses(json: address.output).local == ["192.168.100.254/24"])

        let lease = try await workspace.run(
          "exec", "@pxe-net-conf", "--address", "none", "--", "busybox", "udhcpc", "-i", "eth0",
          "-f", "-n", "-q", "-S", "-t", "60", "-T", "1", "-s", "/bin/true")
        #expect(lease.status == 0)
        #expect(lease.errors.contains("obtained from 192.168.100.1"), "\(lease.errors)")

        let elsewhere = try await workspace.run(
          "exec", "@pxe-net-conf", "--address", "none", "--vlan", "200", "--", "busybox",
          "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-S", "-t", "2", "-T", "1", "-s", "/bin/true")
        #expect(elsewhere.status == 1, "no server answers on VLAN 200: \(elsewhere.errors)")

        let server = try await workspace.run(
          "exec", "@pxe-net-conf", "--server", "--", "ip", "-json", "address", "show", "eth0")
        #expect(try IPAddresses(json: server.output).local == ["192.168.100.1/24"])
      }
    }

    @Test func streamsAndStatusArePassedOn() async throws {
      try await inLab { workspace in
        let command = try await workspace.start([
          "exec", "@pxe-net-conf", "--", "sh", "-c",
          "pwd; echo $PXELAB_ADDRESS; cat; echo complaint >&2; exit 7",
        ])
        try await command.type("typed\n")
        let outcome = try await command.outcome()
        #expect(outcome.status == 7)
        #expect(outcome.output == "\(Workspace.repository)\n192.168.100.254\ntyped\n")
        #expect(outcome.errors == "complaint\n")

        let killed = try await workspace.run(
          "exec", "@pxe-net-conf", "--", "sh", "-c", "kill -KILL $$")
        #expect(killed.status == 137)
        #expect(try await workspace.run("exec", "@pxe-net-conf", "--", "nosuch").status == 127)
        let links = try await workspace.run(
          "exec", "@pxe-net-conf", "--", "ip", "netns", "list")
        #expect(!links.output.contains("exec_0"), "what has ended is gone: \(links.output)")
      }
    }

    @Test func aSignalReachesTheProgram() async throws {
      try await inLab { workspace in
        let program = "trap 'echo caught; exit 3' INT TERM; echo ready; while :; do sleep 0.1; done"
        let sent = try await workspace.start(["exec", "@pxe-net-conf", "--", "sh", "-c", program])
        try await sent.wait(for: "ready")
        sent.signal(SIGTERM)
        let outcome = try await sent.outcome()
        #expect(outcome.status == 3 && outcome.output == "ready\ncaught\n", "\(outcome)")

        let typed = try await RunningCommand(
          Command(
            "script",
            [
              "--quiet", "--flush", "--return", "--command",
              // Without exec a shell such as dash stays between, and the key ends it.
              "exec '\(try Workspace.program())' exec @pxe-net-conf -- sh -c \"\(program)\"",
              "/dev/null",
            ], environment: workspace.environment))
        try await typed.wait(for: "ready")
        try await typed.type("\u{3}")
        try await typed.wait(for: "caught")
        let answer = try await typed.outcome()
        #expect(answer.status == 3, "\(answer)")
      }
    }

    @Test func aKilledCommandLeavesNothing() async throws {
      try await inLab { workspace in
        let events = try await workspace.start(["events", "--follow"])
        let command = try await workspace.start([
          "exec", "@pxe-net-conf", "--", "sh", "-c", "echo ready; exec sleep 1000",
        ])
        try await command.wait(for: "ready")
        command.signal(SIGKILL)
        // Its streams end with the program that has them.
        _ = try await command.outcome()
        try await events.wait(for: "exec_0, a namespace of pxelab exec, is removed")
        events.signal(SIGINT)
        _ = try await events.outcome()
        let topology = try await workspace.run("topology")
        #expect(!topology.output.contains("exec_0"), "\(topology.output)")
        let next = try await workspace.run("exec", "@pxe-net-conf", "--", "ip", "netns", "list")
        #expect(!next.output.contains("exec_0"), "\(next.output)")
        let left = try FileManager.default.contentsOfDirectory(
          atPath: workspace.paths("halted").directory
        ).filter { $0.hasPrefix("exec-") }
        #expect(left == [])
      }
    }

    @Test func aServerMayStay() async throws {
      try await inLab { workspace in
        let start = try await workspace.run(
          "exec", "@pxe-net-conf", "--vlan", "200", "--address", "10.0.0.1/24", "--", "dnsmasq",
          "--conf-file=/dev/null", "--port=0", "--dhcp-range=10.0.0.5,10.0.0.9",
          "--dhcp-leasefile=\(workspace.root)/leases", "--pid-file=\(workspace.root)/pid")
        #expect(start.status == 0, "\(start.errors)")
        #expect(start.errors.contains("go on in the lab"), "\(start.errors)")
        let lease = try await workspace.run(
          "exec", "@pxe-net-conf", "--vlan", "200", "--address", "none", "--", "busybox",
          "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-S", "-t", "60", "-T", "1", "-s",
          "/bin/true")
        #expect(lease.errors.contains("obtained from 10.0.0.1"), "\(lease.errors)")
      }
    }

    @Test(arguments: [
      (["@nonet", "--", "true"], "has no network attachment nonet; it has @pxe-net-conf"),
      (["@pxe-net-conf", "--vlan", "5000", "--", "true"], "invalid VLAN ID 5000"),
      (["@pxe-net-conf", "--address", "10.1.1.1", "--", "true"], "is neither an address"),
      (["@pxe-net-conf"], "no program"),
      (["pxe-net-conf", "--", "true"], "@pxe-net-conf"),
      (["@pxe-net-conf", "--server", "--vlan", "5", "--", "true"], "has its address and VLAN"),
    ])
    func wrongInputIsRefused(_ arguments: [String], _ words: String) async throws {
      try await inLab { workspace in
        let outcome = try await workspace.start(["exec"] + arguments).outcome()
        #expect(outcome.status == 64 || outcome.status == 5)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
    }

    @Test func withoutALabThereIsNowhereToRun() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run("exec", "@net", "--", "true")
        #expect(outcome.status == 5)
        #expect(outcome.errors.contains("no lab is up"), "\(outcome.errors)")
      }
    }
  }
}

/// What `ip -json address show` prints.
private struct IPAddresses {
  private struct Link: Decodable {
    struct Address: Decodable {
      var family: String
      var local: String
      var prefixlen: Int
    }
    var addr_info: [Address]
  }

  /// The IPv4 addresses with their prefix lengths.
  var local: [String]

  init(json: String) throws {
    let links = try JSONDecoder().decode([Link].self, from: Data(json.utf8))
    local = links.flatMap(\.addr_info).filter { $0.family == "inet" }
      .map { "\($0.local)/\($0.prefixlen)" }
  }
}
