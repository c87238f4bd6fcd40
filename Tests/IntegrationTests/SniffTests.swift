import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

extension LabTests {
  /// `pxelab sniff` on a lab whose machine is off; programs speak in its place.
  @Suite struct Sniff {
    /// The machine's address, and another client's.
    private static let machine = "de:00:00:00:00:01"
    private static let other = "de:00:00:00:00:02"

    @Test func aLineForEachEventThenTheDiagnosis() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "\(Workspace.labs)/halted")
        try #require(up.status == 0, "\(up.errors)")
        let file = "\(workspace.root)/boot.pcapng"
        let all = try await Sniffer(workspace, ["--write", file])
        let one = try await Sniffer(workspace, ["--vm", "idle"])
        let elsewhere = try await Sniffer(workspace, ["--vlan", "200"])
        let json = try await Sniffer(workspace, ["halted", "--format", "json"])
        for sniffer in [all, one, elsewhere, json] { try await sniffer.listens() }

        try await lease(workspace, Self.other)
        try await lease(workspace, Self.machine)
        // Nobody answers there: the diagnosis has an error.
        let silence = try await workspace.run(
          "exec", "@pxe-net-conf", "--address", "none", "--vlan", "200", "--", "busybox", "udhcpc",
          "-i", "eth0", "-f", "-n", "-q", "-S", "-t", "3", "-T", "3", "-s", "/bin/true")
        #expect(silence.status == 1)

        let text = try await all.end(after: "DISCOVER \(Self.other) vlan 100", "vlan 200")
        #expect(text.status == 1, "\(text)")
        #expect(text.lines.contains { $0.hasPrefix("idle DISCOVER") }, "\(text)")
        #expect(text.lines.contains { $0.hasPrefix("idle OFFER 192.168.100.") }, "\(text)")
        #expect(text.output.contains("PXL003 error"), "\(text)")
        #expect(text.errors.contains(" packets, 0 lost"), "\(text)")

        let named = try await one.end(after: "ACK ")
        #expect(named.status == 0, "\(named)")
        #expect(!named.output.contains(Self.other), "\(named)")
        #expect(named.output.contains("no client looked for something to boot"), "\(named)")

        let tagged = try await elsewhere.end(after: "DISCOVER")
        #expect(tagged.status == 1, "\(tagged)")
        #expect(
          !tagged.output.contains("vlan 100") && !tagged.output.contains("OFFER 192"), "\(tagged)")

        let objects = try await json.end(after: "\"dhcpAck\"", "\"vlan\":200").objects()
        #expect(
          objects.contains {
            $0["kind"] as? String == "dhcpAck" && $0["machine"] as? String == "idle"
          })
        #expect(objects.suffix(2).map { $0["kind"] as? String } == ["counts", "diagnosis"])
        let report = objects.last?["diagnosis"] as? [String: Any]
        #expect((report?["clients"] as? [[String: Any]])?.count == 3)

        try await expectComments(in: file, workspace)
        #expect(try await workspace.run("down").status == 0)
      }
    }

    @Test(
      .enabled(if: getuid() == 0, "only root can make a user; the other tests run as this one"))
    func anOrdinaryUserWatchesALab() async throws {
      try await Workspace.useAsOrdinaryUser { _, start in
        let up = try await start(["up", "\(Workspace.labs)/halted"]).outcome()
        try #require(up.status == 0, "\(up.errors)")
        let sniffer = Sniffer(try await start(["sniff"]))
        try await sniffer.listens()
        let lease = try await start([
          "exec", "@pxe-net-conf", "--address", "none", "--", "busybox", "udhcpc", "-i", "eth0",
          "-f", "-n", "-q", "-S", "-t", "60", "-T", "1", "-s", "/bin/true",
        ]).outcome()
        #expect(lease.status == 0, "\(lease.errors)")
        let text = try await sniffer.end(after: "ACK 192.168.100.")
        #expect(text.status == 0, "\(text)")
        #expect(text.output.contains("no client looked for something to boot"), "\(text)")
        let down = try await start(["down"]).outcome()
        #expect(down.status == 0, "\(down.errors)")
      }
    }

    @Test(
      arguments: [
        (["--vlan", "5000"], 64, "5000 is no VLAN ID"),
        (["--snaplen", "3"], 64, "--snaplen"),
        (["-i", "nosuchcard0"], 64, "no interface nosuchcard0; there are"),
        (["nosuchlab"], 5, "nosuchlab"),
        (["-i", "lo", "--vm", "web"], 64, "give a MAC address"),
        (["-i", "lo", "-w", "/nosuchfolder/x.pcapng"], 64, "/nosuchfolder/x.pcapng"),
      ] as [([String], Int32, String)])
    func whatCannotBeWatchedIsSaid(_ arguments: [String], _ status: Int32, _ words: String)
      async throws
    {
      try await Workspace.use { workspace in
        let outcome = try await workspace.start(["sniff"] + arguments).outcome()
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
    }

    /// Has a client on the machine's network ask for an address.
    private func lease(_ workspace: Workspace, _ mac: String) async throws {
      let outcome = try await workspace.run(
        "exec", "@pxe-net-conf", "--address", "none", "--", "sh", "-c",
        "ip link set eth0 address \(mac) && exec busybox udhcpc -i eth0 -f -n -q -S -t 60 -T 1 "
          + "-s /bin/true")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    /// The file is read by others, and its comments say whose the packets are.
    private func expectComments(in file: String, _ workspace: Workspace) async throws {
      let comments = try await SubprocessRunner().run(
        Command("tshark", ["-r", file, "-T", "fields", "-e", "frame.comment"]))
      #expect(comments.contains("idle: DISCOVER"), "\(comments)")
      #expect(comments.contains("DISCOVER \(Self.other)"), "\(comments)")
      let offline = try await workspace.run("diagnose", file)
      #expect(offline.status == 1)
      #expect(offline.output.contains("PXL003 error"), "\(offline.output)")
    }
  }
}

/// A `pxelab sniff` that runs beside the test.
private struct Sniffer {
  private let command: RunningCommand

  init(_ command: RunningCommand) { self.command = command }

  init(_ workspace: Workspace, _ arguments: [String]) async throws {
    self.init(try await workspace.start(["sniff"] + arguments))
  }

  /// Returns when nothing sent from now on is missed.
  func listens() async throws { try await command.errors.wait(for: "Ctrl-C ends it") }

  /// Ends it as Ctrl-C does, once it has said all of some words.
  func end(after words: String...) async throws -> Outcome {
    for each in words { try await command.wait(for: each) }
    command.signal(SIGINT)
    return try await command.outcome()
  }
}

extension Outcome {
  /// What it said, by lines and without their times of day.
  fileprivate var lines: [String] {
    output.split(separator: "\n").map { line in
      let isTimed = line.prefix(15).allSatisfy { $0.isNumber || ":.".contains($0) }
      return String(isTimed ? line.dropFirst(16) : line)
    }
  }

  /// What it said, by JSON objects.
  fileprivate func objects() throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }
}
