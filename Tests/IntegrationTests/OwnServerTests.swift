import Testing

extension LabTests {
  /// A server of the user's own in the built-in one's place.
  @Suite struct OwnServer {
    @Test func theMachineBootsFromIt() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run("up", "--format", "json", "labs/own-server")
        let machine = try outcome.report.machine
        #expect(outcome.status == 0, machine.complaints)
        let log = try await workspace.run("logs", "--part", "server/pxe-net-conf")
        #expect(log.output.contains("DHCPACK(eth0)"), "\(log.output)")
        let status = try #require(try await workspace.run("status", "--format", "json").labs.first)
        #expect(status.servers.first?.command?.hasPrefix("dnsmasq --keep-in") == true)
        let down = try await workspace.run("down")
        #expect(down.status == 0, "\(down.errors)")
      }
    }

    @Test(arguments: [
      (
        "--port=0", "--prot=0",
        "dnsmasq, exited with status 1:\ndnsmasq: bad command line options: try --help"
      ),
      ("- dnsmasq", "- dnsmask", "dnsmask, cannot be started: no program dnsmask in "),
      ("--keep-in-foreground", "--log-dhcp", "but a server must stay in the foreground"),
    ])
    func itsDeathIsSaidInItsWords(_ old: String, _ new: String, _ words: String) async throws {
      try await Workspace.use { workspace in
        let folder = try workspace.copy(of: "own-server", [Edit("lab.yaml", old, new)])
        let outcome = try await workspace.run("up", folder)
        #expect(outcome.status == 5)
        #expect(outcome.errors.contains("the server of pxe-net-conf, "), "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
    }
  }
}
