import Execution
import ExternalCommand
import Foundation
import Glibc
import Testing

/// What a person can do wrong, or a machine lack: a message that names it and the way out, the
/// documented exit status, and no lab.
@Suite(.timeLimit(.minutes(10))) struct BadInputTests {
  /// A mistake in the manifests, and what the message must say after `FILE:LINE`.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var edit: Edit
    var field: String
    var words: String
  }

  static let mistakes: [Mistake] = [
    Mistake(
      testDescription: "an attachment that does not exist",
      edit: Edit("vmi-pxe-boot.yaml", "networkName: pxe-net-conf", "networkName: pxe-net-cnf"),
      field: "spec.networks[1].multus.networkName", words: "pxe-net-cnf"),
    Mistake(
      testDescription: "an interface without its network",
      edit: Edit("vmi-pxe-boot.yaml", "- name: pxe-net\n    multus", "- name: pxe\n    multus"),
      field: "name", words: "pxe"),
    Mistake(
      testDescription: "the same bootOrder twice",
      edit: Edit("vmi-pxe-boot.yaml", "bootOrder: 2", "bootOrder: 1"),
      field: "bootOrder", words: "already set for a different device"),
    Mistake(
      testDescription: "a VLAN ID out of range",
      edit: Edit("pxe-net-conf.yaml", #""vlan": 100"#, #""vlan": 4095"#),
      field: "spec.config", words: "invalid VLAN ID 4095"),
    Mistake(
      testDescription: "Secure Boot without SMM",
      edit: Edit("vmi-pxe-boot.yaml", "enabled: true", "enabled: false"),
      field: "spec.domain", words: "SecureBoot requires SMM"),
  ]

  @Test(arguments: mistakes) func aMistakeIsNamedWithItsPlace(_ mistake: Mistake) async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.secureBoot([mistake.edit])
      let outcome = try await workspace.run("up", "--once", folder)
      #expect(outcome.status == 2)
      let line = try #require(
        outcome.errors.split(separator: "\n").first { $0.contains(mistake.words) },
        "\(outcome.errors)")
      let place = #"^\#(folder)/[a-z-]+\.yaml:\d+:\d+: "#
      #expect(line.range(of: place, options: .regularExpression) != nil, "\(line)")
      #expect(line.contains(mistake.field), "\(line)")
      #expect(outcome.errors.contains("nothing was made"))
    }
  }

  @Test func whatIsNotYAMLIsNamedWithItsLine() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder(
        "manifests", ["good.yaml": "kind: Lab\n", "broken.yaml": "kind: Lab\nspec: [1, 2\n"])
      let outcome = try await workspace.run("up", "--once", folder)
      #expect(outcome.status == 2)
      #expect(
        outcome.errors.range(
          of: #"manifests/broken\.yaml:\d+:\d+: .+"#, options: .regularExpression) != nil,
        "\(outcome.errors)")
    }
  }

  @Test func aFolderWithoutManifestsIsNamed() async throws {
    try await Workspace.use { workspace in
      let empty = try workspace.folder("empty", [:])
      for path in [empty, "\(workspace.root)/nowhere"] {
        let outcome = try await workspace.run("up", "--once", path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(path))
      }
    }
  }

  /// A cluster accepts it, so a lab does too, and says what will happen.
  @Test func aSecondMachineWithTheSameMACIsWarnedOf() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.secureBoot([])
      let machine = try String(contentsOfFile: "\(folder)/vmi-pxe-boot.yaml", encoding: .utf8)
      try machine.replacingOccurrences(of: "vmi-pxe-boot", with: "vmi-twin").write(
        toFile: "\(folder)/vmi-twin.yaml", atomically: true, encoding: .utf8)
      let outcome = try await workspace.run("plan", folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let line = outcome.errors.split(separator: "\n").first {
        $0.contains("warning") && $0.contains("de:00:00:00:00:de")
      }
      #expect(line != nil, "\(outcome.errors)")
    }
  }

  @Test func anImageThatCannotBeFetchedIsNamed() async throws {
    try await Workspace.use { workspace in
      let nowhere = """
        Dir::Etc::sourcelist "/dev/null";
        Dir::Etc::sourceparts "/dev/null";
        Dir::State::lists "\(workspace.root)/apt/lists";
        Dir::Cache "\(workspace.root)/apt/cache";
        Dir::State::status "/dev/null";

        """
      let apt = try workspace.folder("apt", ["apt.conf": nowhere])
      for folder in ["lists/partial", "cache/archives/partial"] {
        _ = try workspace.folder("apt/\(folder)", [:])
      }
      let outcome = try await workspace.run(
        "up", "--once", "labs/secureboot",
        environment: [
          "APT_CONFIG": "\(apt)/apt.conf", "PXELAB_CACHE_HOME": "\(workspace.root)/cache",
        ])
      #expect(outcome.status == 4, "\(outcome.errors)")
      #expect(outcome.errors.contains("shim-signed"))
      #expect(outcome.errors.contains("apt-get update"))
      #expect(outcome.errors.contains("\(workspace.root)/cache"))
    }
  }

  @Test func aMissingProgramIsNamedWithItsPackage() async throws {
    try await Workspace.use { workspace in
      let programs = try workspace.folder("bin", [:])
      for name in try FileManager.default.contentsOfDirectory(atPath: "/usr/bin")
      where name != "tini" {
        try FileManager.default.createSymbolicLink(
          atPath: "\(programs)/\(name)", withDestinationPath: "/usr/bin/\(name)")
      }
      let outcome = try await workspace.run(
        "up", "--once", "labs/secureboot", environment: ["PATH": programs])
      #expect(outcome.status == 3, "\(outcome.errors)")
      let line = try #require(
        outcome.errors.split(separator: "\n").first { $0.contains("not installed") })
      #expect(line.contains("not installed: tini."), "\(line)")
      #expect(line.contains("install") && line.hasSuffix("tini"), "\(line)")
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root can run as a user without subordinate IDs"))
  func aUserWithoutSubordinateIDsIsToldTheWayOut() async throws {
    try await Workspace.use { workspace in
      #expect(chmod(workspace.root, 0o777) == 0)
      let outcome = try await RunningCommand(
        Command(
          "setpriv",
          [
            "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
            try Workspace.program(), "up", "--once", "labs/secureboot",
          ],
          environment: workspace.environment.merging(["HOME": workspace.root]) { $1 }),
        directory: Workspace.repository
      ).outcome()
      #expect(outcome.status == 3, "\(outcome.errors)")
      #expect(outcome.errors.contains("/etc/subuid"), "\(outcome.errors)")
      #expect(outcome.errors.contains("Way out: "), "\(outcome.errors)")
      #expect(outcome.errors.contains("usermod"), "\(outcome.errors)")
    }
  }

  @Test func aWrongCommandLineHasItsStatus() async throws {
    try await Workspace.use { workspace in
      let statuses: [(arguments: [String], status: Int32)] = [
        (["frobnicate"], 64), (["up", "--sideways"], 64), (["status", "no-such-lab"], 5),
        (["down", "no-such-lab"], 5),
      ]
      for (arguments, status) in statuses {
        let outcome = try await workspace.start(arguments).outcome()
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      }
    }
  }
}
