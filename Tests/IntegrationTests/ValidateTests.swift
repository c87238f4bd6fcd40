import ExternalCommand
import Foundation
import Testing

/// `pxelab validate` as people, programs and GitHub see it.
@Suite(.timeLimit(.minutes(10))) struct ValidateTests {
  /// A machine with one error, in line 10, and one warning, in line 11.
  static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: vm}
    spec:
      runStrategy: Always
      template:
        spec:
          domain:
            memory: {guest: 1Gi}
            machine: {type: "50%, pc:1"}
            cpu: {modell: EPYC}
            devices: {}
    """
  static let place = "spec.template.spec.domain.machine.type"
  static let message =
    "\(place) is not supported: 50%, pc:1 (allowed values: [q35* pc-q35*])"

  private struct Report: Decodable, Equatable {
    struct Problem: Decodable, Equatable {
      var file: String?
      var line: Int?
      var column: Int?
      var severity: String
      var object: String
      var field: String
      var message: String
    }

    var accepted: Bool
    var problems: [Problem]
  }

  @Test func textHasOneLineForEachProblem() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["vm.yaml": Self.machine])
      let outcome = try await workspace.run("validate", folder)
      #expect(outcome.status == 1)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "\(folder)/vm.yaml:10:19: \(Self.place): \(Self.message)")
      #expect(lines.count == 2 && lines.last?.contains("did you mean \"model\"") == true)
      #expect(outcome.errors == "1 file refused: 1 error, 1 warning\n")
    }
  }

  @Test func jsonHasEveryKey() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["vm.yaml": Self.machine])
      let outcome = try await workspace.run("validate", "--format", "json", folder)
      #expect(outcome.status == 1)
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(!report.accepted)
      #expect(
        report.problems.first
          == Report.Problem(
            file: "\(folder)/vm.yaml", line: 10, column: 19, severity: "error",
            object: "VirtualMachine/vm", field: Self.place, message: Self.message))
      #expect(report.problems.map(\.severity) == ["error", "warning"])
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test func annotationsEscapeWhatWouldEndThem() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["vm.yaml": Self.machine])
      let outcome = try await workspace.run("validate", "--format", "github", folder)
      #expect(outcome.status == 1)
      let message = Self.message.replacingOccurrences(of: "%", with: "%25")
      #expect(
        outcome.output.hasPrefix(
          "::error file=\(folder)/vm.yaml,line=10,col=19,title=VirtualMachine/vm%3A \(Self.place)"
            + "::\(message)\n::warning file="))
    }
  }

  @Test func foldersAreReadAsKubectlReadsThem() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder(
        "m", ["vm.json": "{\"apiVersion\": \"v1\"}", "notes.txt": "["])
      _ = try workspace.folder("m/below", ["vm.yml": "kind: ["])
      let flat = try await workspace.run("validate", folder)
      #expect(flat.output.hasPrefix("\(folder)/vm.json:1:1: kind: "))
      #expect(flat.errors == "1 file refused: 1 error\n")
      let deep = try await workspace.run("validate", "-R", folder, "\(folder)/vm.json")
      #expect(deep.errors == "2 files refused: 2 errors\n")
      #expect(deep.output.contains("\n\(folder)/below/vm.yml:"))
    }
  }

  /// A shell's `<(...)` is a pipe, not a regular file.
  @Test func pipesAreRead() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder("m", ["vm.yaml": Self.machine])
      let outcome = try await RunningCommand(
        Command(
          "bash",
          [
            "-c", #""$1" validate <(cat "$2")"#, "bash", try Workspace.program(),
            "\(folder)/vm.yaml",
          ]),
        directory: Workspace.repository
      ).outcome()
      #expect(outcome.status == 1)
      #expect(outcome.errors == "1 file refused: 1 error, 1 warning\n")
    }
  }

  @Test func clusterSettingsComeFromTheFilesFirst() async throws {
    try await Workspace.use { workspace in
      let folder = try workspace.folder(
        "m", ["vm.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"])
      let given = ["--feature-gates", "HostDisk"]
      let outcome = try await workspace.start(["validate", "labs/secureboot", folder] + given)
        .outcome()
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(
        outcome.errors.contains(
          "labs/secureboot/hyperconverged.yaml:2:1: note: these settings count, and"
            + " --feature-gates not"))
      #expect(outcome.errors.contains("\(folder)/vm.yaml:1:1: note: skipped Pod/p"))
    }
  }

  @Test func everyLabIsAccepted() async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run("validate", "-R", "labs", "netconf")
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }

  @Test func aWrongCommandLineHasItsStatus() async throws {
    try await Workspace.use { workspace in
      let empty = try workspace.folder("empty", [:])
      let statuses: [(arguments: [String], status: Int32, words: String)] = [
        ([], 64, "<paths>"), (["--format", "xml", "labs/minimal"], 64, "xml"),
        (["--feature-gates", ",", "labs/minimal"], 64, "--feature-gates"),
        (["--rollout-strategy", "never", "labs/minimal"], 64, "never"),
        (["\(empty)/nowhere.yaml"], 2, "\(empty)/nowhere.yaml: no such file or folder"),
        ([empty], 2, "\(empty): no .yaml, .yml or .json file in this folder"),
      ]
      for (arguments, status, words) in statuses {
        let outcome = try await workspace.start(["validate"] + arguments).outcome()
        #expect(outcome.status == status, "\(arguments)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
    }
  }
}
