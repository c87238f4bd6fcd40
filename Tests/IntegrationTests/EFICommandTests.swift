import Execution
import ExternalCommand
import Foundation
import Testing

extension LabTests {
  /// `pxelab efi` on the files of stores, beside virt-firmware.
  @Suite struct EFICommands {
    /// The templates of the distribution, and stores that OVMF wrote.
    private static let stores =
      ["OVMF_VARS", "OVMF_VARS.ms", "OVMF_VARS_4M", "OVMF_VARS_4M.ms", "OVMF_VARS_4M.snakeoil"]
      .map { "/usr/share/OVMF/\($0).fd" }
      + ["ovmf-2m", "ovmf-4m-secure-boot"]
      .map { "\(Workspace.repository)/Tests/FirmwareTests/Fixtures/stores/\($0).fd" }

    /// virt-fw-vars, as scripts/install-virt-firmware installs it.
    @discardableResult
    private func virtFirmware(_ arguments: String...) async throws -> String {
      let program = "\(Workspace.repository)/.build/virt-firmware/bin/virt-fw-vars"
      guard FileManager.default.isExecutableFile(atPath: program) else {
        throw Missing("\(program) is not there: scripts/install-virt-firmware installs it")
      }
      return try await SubprocessRunner().run(Command(program, arguments))
    }

    /// Variables by name and namespace; with `byName` as virt-fw-vars has them, which takes those
    /// of one name for one variable: the place of the first, the contents of the last.
    private struct Listing: Decodable, Equatable {
      struct Item: Decodable, Equatable {
        var name: String
        var guid: String
        var attr: Int
        var data: String
        var time: String?
      }

      var version: Int
      var variables: [Item]

      var byName: [Item] {
        var items: [Item] = []
        for item in variables {
          if let place = items.firstIndex(where: { $0.name == item.name }) {
            items[place] = item
          } else {
            items.append(item)
          }
        }
        return items
      }
    }

    private func ours(_ workspace: Workspace, _ store: String) async throws -> Listing {
      let outcome = try await workspace.run("efi", "list", "--file", store, "--format", "json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(Listing.self, from: Data(outcome.output.utf8))
    }

    private func theirs(_ workspace: Workspace, _ store: String) async throws -> Listing {
      let output = "\(workspace.state)/virt.json"
      try await virtFirmware("--input", store, "--output-json", output)
      return try JSONDecoder().decode(
        Listing.self, from: Data(contentsOf: URL(fileURLWithPath: output)))
    }

    private func expectAgreement(_ workspace: Workspace, _ store: String) async throws -> Listing {
      let (ours, theirs) = (
        try await ours(workspace, store), try await theirs(workspace, store)
      )
      #expect(ours.version == theirs.version)
      #expect(ours.byName == theirs.variables, "\(store)")
      return ours
    }

    @Test func storesAreReadAlikeWhoeverWroteThem() async throws {
      try await Workspace.use { workspace in
        try FileManager.default.createDirectory(
          atPath: workspace.state, withIntermediateDirectories: true)
        var seen = 0
        for (number, original) in Self.stores.enumerated() {
          let listing = try await expectAgreement(workspace, original)
          seen += listing.variables.count
          // Changed by pxelab: an entry that is replaced, one that is new, one that is deleted.
          let store = "\(workspace.state)/\(number).fd"
          try Data(contentsOf: URL(fileURLWithPath: original)).write(
            to: URL(fileURLWithPath: store))
          for arguments in [
            ["set", "BootOrder", "0002,0001"], ["set", "BootNext", "0001"],
            ["set", "BootOrder", "0001"], ["delete", "BootNext"],
            ["set", "Boot00AB", "PciRoot(0x0)/Pci(0x2,0x0)", "--title", "a NIC"],
          ] {
            let outcome = try await workspace.start(
              ["efi", arguments[0], "--file", store] + arguments.dropFirst()
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.errors)")
          }
          let changed = try await expectAgreement(workspace, store)
          #expect(changed.variables.first { $0.name == "BootOrder" }?.data == "0100")
          #expect(!changed.variables.contains { $0.name == "BootNext" })
          // Written by virt-fw-vars, out of what pxelab exported.
          let json = "\(workspace.state)/\(number).json"
          let export = try await workspace.run("efi", "export", "--file", store, "-o", json)
          #expect(export.status == 0, "\(export.errors)")
          let written = "\(workspace.state)/\(number)-virt.fd"
          try await virtFirmware("--input", original, "--set-json", json, "--output", written)
          let again = try await expectAgreement(workspace, written)
          let sorted = again.byName.sorted { $0.name < $1.name }
          #expect(sorted == changed.byName.sorted { $0.name < $1.name })
          // And back, from its JSON.
          let back = try await workspace.run(
            "efi", "import", "--file", store, "--replace", "\(workspace.state)/virt.json")
          #expect(back.status == 0, "\(back.errors)")
          #expect(try await self.ours(workspace, store).variables.count == again.variables.count)
        }
        #expect(seen > 100)
        try FileManager.default.removeItem(atPath: workspace.state)
      }
    }

    /// Entries that do not exist, and a store of the other build than the firmware beside it.
    @Test func whatTheFirmwareWouldPassOverIsMarked() async throws {
      try await Workspace.use { workspace in
        try FileManager.default.createDirectory(
          atPath: workspace.state, withIntermediateDirectories: true)
        let code = "\(workspace.state)/OVMF_CODE_4M.fd"
        try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/OVMF_CODE_4M.fd")).write(
          to: URL(fileURLWithPath: code))
        for (name, fits) in [("OVMF_VARS.fd", false), ("OVMF_VARS_4M.ms.fd", true)] {
          let store = "\(workspace.state)/\(name)"
          try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/\(name)")).write(
            to: URL(fileURLWithPath: store))
          let plain = try await workspace.run("efi", "list", "--file", store)
          #expect(plain.status == 0 && !plain.output.contains("no entry"))
          #expect(plain.output.contains("OVMF_CODE_4M.fd") != fits, "\(plain.output)")
          _ = try await workspace.run("efi", "set", "--file", store, "BootOrder", "00FF")
          let marked = try await workspace.run("efi", "list", "--file", store)
          #expect(marked.output.contains("00FF (no entry Boot00FF)"), "\(marked.output)")
        }
        try FileManager.default.removeItem(atPath: workspace.state)
      }
    }

    @Test func whatIsWrongIsSaidAndNothingIsWritten() async throws {
      try await Workspace.use { workspace in
        try FileManager.default.createDirectory(
          atPath: workspace.state, withIntermediateDirectories: true)
        let store = "\(workspace.state)/a.fd"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Self.stores[3]))
        try bytes.write(to: URL(fileURLWithPath: store))
        let blank = "\(workspace.state)/blank.fd"
        try Data(count: 4096).write(to: URL(fileURLWithPath: blank))
        for (arguments, status, message) in [
          (["list"], 64, "which machine"),
          (["list", "../x"], 64, "is no machine's name"),
          (["list", "nobody"], 5, "no lab has a variable store of nobody"),
          (["list", "--file", "\(store)x"], 64, "no such file"),
          (["get", "--file", store, "SecureBoot"], 64, "the firmware makes it at each start"),
          (["get", "--file", store, "Nothing"], 64, "the store has no \"Nothing\""),
          (["get", "--file", store, "bootorder"], 64, "has no"),
          (["set", "--file", store, "BootNext", "x"], 64, "is no boot entry"),
          (["set", "--file", store, "SecureBoot", "on"], 64, "volatile"),
          (["set", "--file", store, "db", "on"], 64, "pxelab efi enroll"),
          (["set", "--file", store, "Boot0009", "Pci(0x2"], 64, "device path"),
          (["delete", "--file", store, "Boot0000", "Boot0099"], 64, "no variable Boot0099"),
          (["import", "--file", store, "/etc/passwd"], 64, "not a variable store"),
          (["import", "--file", store, blank], 64, "no variables to import"),
          (["list", "--file", "/usr/share/OVMF/OVMF_CODE.fd"], 5, "firmware without variables"),
          (["set", "--file", blank, "BootNext", "1"], 5, "can be read, not changed"),
          (["list", "--file", "/usr/share/AAVMF/none.fd"], 64, "qemu-efi-aarch64"),
          (["enroll", "--file", store, "--db", "/etc/passwd"], 64, "no certificate"),
          (["enroll", "--file", store, "--lab-keys"], 64, "a file has no lab"),
          (["enroll", "--file", store], 64, "nothing to enrol"),
        ] {
          let outcome = try await workspace.start(["efi"] + arguments).outcome()
          #expect(Int(outcome.status) == status, "\(arguments): \(outcome.errors)")
          #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == bytes)
        bytes[0x30] ^= 1
        try bytes.write(to: URL(fileURLWithPath: store))
        let damaged = try await workspace.run("efi", "delete", "--file", store, "Boot0000")
        #expect(damaged.status == 5)
        #expect(damaged.errors.contains("the firmware volume's header"), "\(damaged.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == bytes)
        try FileManager.default.removeItem(atPath: workspace.state)
      }
    }
  }
}
