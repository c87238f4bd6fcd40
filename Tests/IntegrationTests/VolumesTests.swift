import Execution
import ExternalCommand
import Foundation
import Testing

extension LabTests {
  @Suite struct Volumes {
    private static let image = "containerdisk of the test"

    @Test func theGuestHasEveryDiskAndOnlyClaimsAreKept() async throws {
      try await Workspace.use { workspace in
        let folder = try await lab(workspace)
        let up = try await workspace.run("up", folder)
        #expect(up.status == 0, "\(up.output)\n\(up.errors)")
        for notice in [
          "\(folder)/disks/fedora.qcow2 stands for the container disk quay.io/containerdisks/fedora",
          "a copy of \(folder)/images/installed.img stands for https://example.org/installed.img",
        ] {
          #expect(up.output.contains(notice), "\(up.output)")
        }
        let base = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/disks/fedora.qcow2"))
        try await expectDisks(workspace)
        let down = try await workspace.run("down", "volumes")
        #expect(down.status == 0, "\(down.errors)")
        #expect(
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/disks/fedora.qcow2")) == base)
        let claims = "\(workspace.state)/stores/volumes/claims"
        let claim = try Data(contentsOf: URL(fileURLWithPath: "\(claims)/default.data.img"))
        #expect(claim.count == 48 << 20)
        #expect(claim.starts(with: Data("kept".utf8)))
        let purge = try await workspace.run("down", "--purge", "volumes")
        #expect(purge.status == 0, "\(purge.errors)")
        #expect(!FileManager.default.fileExists(atPath: claims))
      }
    }

    @Test func machinesThatNoNodeTakesStayPending() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "Tests/IntegrationTests/Labs/pending")
        #expect(outcome.status == 1, "\(outcome.errors)")
        let machines = try outcome.report.machines
        #expect(machines.map(\.name) == ["forbids", "lacks", "unknown"])
        let reasons = [
          "CPU feature apic is forbidden", "CPU feature tsx-ctrl is required",
          "no node has the CPU model conroe",
        ]
        for (machine, reason) in zip(machines, reasons) {
          #expect(machine.verdict == .fail)
          #expect(machine.findings.map(\.id) == ["PXL016"])
          #expect(outcome.output.contains(reason), machine.complaints)
        }
      }
    }

    /// A copy of the lab, with the files that stand for its images.
    private func lab(_ workspace: Workspace) async throws -> String {
      let text = try String(
        contentsOfFile: "\(Workspace.repository)/Tests/IntegrationTests/Labs/volumes/lab.yaml",
        encoding: .utf8)
      let folder = try workspace.folder("volumes", ["lab.yaml": text])
      _ = try workspace.folder(
        "volumes/images", ["installed.img": Self.image + String(repeating: "\0", count: 65536)])
      _ = try workspace.folder("volumes/disks", [:])
      try await SubprocessRunner().run(
        Command("qemu-img", ["create", "-q", "-f", "qcow2", "\(folder)/disks/fedora.qcow2", "64M"]))
      return folder
    }

    /// What the guest says of its disks, asked by the shell that the probe leaves on the console:
    /// size in sectors, serial, and the label of an ISO 9660 image (ECMA-119, 8.4.7).
    private func expectDisks(_ workspace: Workspace) async throws {
      let console = try await RunningCommand(
        Command(
          "script",
          [
            "--quiet", "--flush", "--return", "--command",
            "'\(try Workspace.program())' console vm-disks", "/dev/null",
          ], environment: workspace.environment))
      try await console.wait(for: "attached to vm-disks")
      try await console.wait(for: "# ")
      try await console.type(
        "for d in /sys/block/vd?; do n=${d##*/}; echo \"$n=$(cat $d/size) $(cat $d/serial) "
          + "$(dd if=/dev/$n bs=1 skip=32808 count=8 2>/dev/null | tr -d '\\0 ').\"; done; "
          + "head -c 12 /dev/vdc; echo kept >/dev/vdb; echo lost >/dev/vda; sync; echo all=$((6*7))\r"
      )
      try await console.wait(for: "all=42")
      let text = await console.output.text
      for disk in [
        "vda=131072 ROOT01 .", "vdb=98304 DATA01 .", "vdc=65536 DV01 .", "vdd=32768 SCRATCH01 .",
        " cidata.", " settings.", "containerdis",
      ] {
        #expect(text.contains(disk), "\(disk) in \(text)")
      }
      try await console.type("\u{1d}")
      await console.output.waitForEnd()
      #expect(try await console.outcome().status == 0)
    }
  }
}
