import Foundation
import Testing

extension LabTests {
  /// What `pxelab init` writes comes up and passes as it is.
  @Suite struct NewLabs {
    @Test func aNewLabPasses() async throws {
      try await twoAtATime(
        [[], ["--secure-boot", "--vlan", "4094"], ["--bios", "--vlan", "1"]], Self.check)
    }

    @Sendable private static func check(_ options: [String]) async throws {
      try await Workspace.use { workspace in
        let folder = "\(workspace.root)/labs/new"
        let made = try await workspace.start(["init", folder] + options).outcome()
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("pxelab up \(folder)"))
        let outcome = try await workspace.run("up", "--once", folder)
        #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
        #expect(outcome.output.contains("node-1: PASS"))
      }
    }
  }
}

/// `pxelab init`, as far as it writes files and says what is wrong.
@Suite(.timeLimit(.minutes(10))) struct InitTests {
  /// Each kind, under the names that `--help` gives.
  @Test func everyKindIsValid() async throws {
    try await Workspace.use { workspace in
      let help = try await workspace.start(["init", "--help"]).outcome().output
      let kinds = help.matches(of: /(?m)^ *([a-z0-9-]+) +A machine with/).map { String($0.1) }
      #expect(kinds.count == 12)
      for kind in kinds {
        let folder = "\(workspace.root)/labs/\(kind)"
        let made = try await workspace.start(["init", folder, "--kind", kind]).outcome()
        #expect(made.status == 0, "\(made.errors)")
        let checked = try await workspace.start(["validate", folder]).outcome()
        #expect(checked.status == 0, "\(kind): \(checked.output)\(checked.errors)")
      }
    }
  }

  @Test func nothingIsOverwritten() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("used", ["notes.txt": "mine"])
      let outcome = try await workspace.run("init", folder)
      #expect(outcome.status == 5)
      #expect(outcome.errors.contains("the folder \(folder) is not empty; nothing was written"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["notes.txt"])
    }
  }

  @Test func wrongOptionsAreNamed() async throws {
    try await Workspace.use { workspace in
      let folder = "\(workspace.root)/new"
      let wrong: [(arguments: [String], words: String)] = [
        ([folder, "--bios", "--secure-boot"], "--bios and --secure-boot exclude each other"),
        ([folder, "--kind", "uefi-htp"], "invalid for '--kind <kind>'"),
        ([folder, "--kind", "uefi-http", "--bios"], "uefi-http and --bios exclude each other"),
        ([folder, "--vlan", "0"], "invalid VLAN ID 0 (must be between 1 and 4094)"),
        ([folder, "--vlan", "4095"], "invalid VLAN ID 4095 (must be between 1 and 4094)"),
        ([folder, "--vlan", "x"], "--vlan"),
        (["\(workspace.root)/New Lab"], "no lab can be named \"New Lab\""),
        (["\(workspace.root)/.."], "no lab can be named \"..\""),
        ([], "<name>"),
      ]
      for (arguments, words) in wrong {
        let outcome = try await workspace.start(["init"] + arguments).outcome()
        #expect(outcome.status == 64, "\(arguments)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}
