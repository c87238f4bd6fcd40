import BootOrder
import Foundation
import Testing

extension LabTests {
  /// Each kind of network boot and boot order that is quick enough; `make labs` boots the others too.
  @Suite struct BootLabs {
    private static let labs = [
      "bios-pxelinux", "uefi-http", "uefi-https", "uefi-pxev6", "stale-boot-order", "boot-next",
      "dead-server", "install", "install-by-order", "uefi-https-uki",
    ]

    @Test(arguments: labs.portions(of: 5))
    func boot(_ labs: [String]) async throws {
      try await twoAtATime(labs) { lab in
        try await Workspace.use { workspace in
          let outcome = try await workspace.run("up", "--once", "--format", "json", "labs/\(lab)")
          for machine in try outcome.report.machines {
            #expect(machine.verdict == .pass, "\(machine.name): \(machine.complaints)")
          }
          #expect(outcome.status == 0, "\(lab): \(outcome.errors)")
        }
      }
    }

    /// What was tried is what the table says, and an edit's table is there without a boot.
    @Test func bootOrdersAreThoseThatWereTried() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "labs/boot-order")
        #expect(up.status == 0, "\(up.errors)")
        for (name, tried) in [
          ("pxe-first", ["interface pxe"]), ("disk-first", ["disk root"]),
          ("empty-disk-first", ["disk root", "interface pxe"]),
          ("second-card-first", ["interface pxe"]),
        ] {
          let table = try await workspace.run("bootorder", name, "--format", "json").bootOrder
          #expect(table.sources.libvirt == .live && table.sources.fwCfg == .qemu, "\(name)")
          #expect(table.boots.last?.attempts.compactMap(\.device) == tried, "\(name)")
          #expect(table.boots.last?.attempts.last?.outcome == .started, "\(name)")
          #expect(table.notes.filter(\.isDifference).isEmpty, "\(name): \(table.notes)")
        }
        #expect(try await workspace.run("power", "off", "disk-first").status == 0)
        let off = try await workspace.run("bootorder", "disk-first", "--format", "json").bootOrder
        #expect(off.isOn == false && off.sources.libvirt == .defined)
        #expect(off.devices.map(\.fwCfg) == [1, 2] && off.boots.count == 1)
        let edited = try await workspace.run(
          "bootorder", "disk-first", "--what-if", "--format", "json"
        ).bootOrder
        #expect(edited.sources.libvirt == .planned && edited.boots.isEmpty)
        #expect(edited.devices.map(\.fwCfgPath) == off.devices.map(\.fwCfgPath))
        #expect(edited.devices.allSatisfy { $0.before == nil })
        let unknown = try await workspace.start(["bootorder", "nobody"]).outcome()
        #expect(unknown.status == 64 && unknown.errors.contains("has no machine nobody"))
        #expect(try await workspace.run("down").status == 0)
      }
    }
  }
}

extension Outcome {
  /// The table as `--format json` of `bootorder` prints it.
  fileprivate var bootOrder: BootOrderTable {
    get throws {
      do {
        return try JSONDecoder().decode(BootOrderTable.self, from: Data(output.utf8))
      } catch {
        throw Failed(description: "\(errors)\n\(error)")
      }
    }
  }
}

private struct Failed: Error, CustomStringConvertible {
  var description: String
}
