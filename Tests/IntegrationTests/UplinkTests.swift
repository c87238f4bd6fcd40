import Addresses
import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

extension LabTests {
  /// A lab joined to a network outside, which is a namespace of the test's own.
  @Suite(.enabled(if: getuid() == 0, "only root can lend an interface to a lab"))
  struct UplinkToOutside {
    @Test func theLabsDHCPStaysInsideUnlessAskedFor() async throws {
      try await Workspace.use { workspace in
        let outcome = try await outside(workspace, "dhcp", "\(Workspace.labs)/halted")
        try expectDHCPStaysInside(outcome)
      }
    }

    @Test func aMachineBootsFromAServerOutside() async throws {
      try await Workspace.use { workspace in
        let folder = try workspace.copy(of: "own-server", [])
        try FileManager.default.removeItem(atPath: "\(folder)/lab.yaml")
        try Self.unserved.write(toFile: "\(folder)/lab.yaml", atomically: true, encoding: .utf8)
        let root = "\(Workspace.cache)/images/debian-secureboot/current/root"
        try #require(FileManager.default.fileExists(atPath: root), "the other tests fetch it")
        let outcome = try await outside(workspace, "boot", folder, root)
        let machine = try outcome.report.machine
        #expect(outcome.status == 0, machine.complaints)
        let lease = try #require(machine.witnesses.wire.seen?.bootLease)
        #expect(lease.acks.map(\.server) == [IPv4Address("192.168.100.1")])
        #expect(machine.witnesses.wire.seen?.vlans == [VLANID(rawValue: 100)])
      }
    }

    @Test func aCrashDoesNotCostTheInterface() async throws {
      try await Workspace.use { workspace in
        let outcome = try await outside(workspace, "crash", "\(Workspace.labs)/halted")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.dropFirst(4).first?.contains(#""interface":"uplink0""#) == true)
        #expect(
          lines.prefix(4).map { $0.prefix(72) } == [
            "again: left as it was",
            "--uplink uplink1: Error: the lab halted is up with the uplink uplink0 on",
            "--uplink uplink0 --serve-uplink pxe-net-conf: Error: the lab halted is u",
            "none: left as it was",
          ])
        #expect(
          lines.dropFirst(5) == ["uplink: ", "uplink: ", "uplink: uplink0@outside0 UP"],
          "gone with the dead lab, lent again, given back")
      }
    }

    @Test func whatTheHostNeedsIsNotTaken() async throws {
      try await Workspace.use { workspace in
        let outcome = try await outside(workspace, "refusals", "\(Workspace.labs)/halted")
        for words in [
          "nosuch: Error: the uplink nosuch cannot be had", "lo: Error: lo is the loopback",
          "port0: Error: port0 is a port of plain already",
          "used0: Error: used0 has the address 198.51.100.1/24",
          "default0: Error: default0 has the default route",
          "a b: Error: \"a b\" is not the name", "pxl-x0: Error: the lab itself has",
          "nobridge=uplink0: Error: the lab has no bridge nobridge; it has br-pxe",
          "no uplink: Error: --serve-uplink pxe-net-conf says",
          "no attachment: Error: the lab has no network attachment nonet to serve",
          "uplink: uplink0@outside0 UP",
        ] {
          #expect(outcome.output.contains(words), "\(outcome.output)\n\(outcome.errors)")
        }
      }
    }

    private func outside(_ workspace: Workspace, _ arguments: String...) async throws -> Outcome {
      try await RunningCommand(
        Command(
          "unshare",
          [
            "--net", "\(Workspace.repository)/Tests/Uplink/outside", arguments[0],
            try Workspace.program(),
          ] + arguments.dropFirst(), environment: workspace.environment),
        directory: Workspace.repository
      ).outcome()
    }

    /// The lab of labs/own-server with nothing served inside.
    private static let unserved = """
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: outside}
      spec:
        attachments: [{name: pxe-net-conf, server: none}]
        machines:
        - name: vmi-pxe-boot
          expect:
            {bootFrom: pxe-net, vlan: 100, server: 192.168.100.1, secureBoot: true, lockdown: true}
      """
  }
}

/// What the scenario `dhcp` of Tests/Uplink/outside says, on either engine.
func expectDHCPStaysInside(_ outcome: Outcome) throws {
  #expect(outcome.status == 0, "\(outcome.errors)")
  let lines = outcome.output.split(separator: "\n").map(String.init)
  let expected = [
    "uplink: ", "server: reached", "lease: none", "requests: some", "replies: 0",
    "replies of exec: 0", "obtained from 192.168.100.1", "uplink: uplink0@outside0 UP",
    "uplink: ", "server: reached", "lease: some", "requests: some", "replies: some",
    "replies of exec: some", "obtained from 192.168.100.1", "uplink: uplink0@outside0 UP",
  ]
  #expect(lines == expected, "\(outcome.output)\n\(outcome.errors)")
}
