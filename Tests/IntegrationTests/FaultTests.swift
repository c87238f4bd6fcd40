import Diagnosis
import Foundation
import LabHost
import Testing

extension LabTests {
  /// The labs that are broken on purpose.
  @Suite struct Faults {
    /// A folder below labs/faults, and the finding that its lab.yaml expects first.
    struct Fault: Sendable {
      var name: String
      var finding: String
    }

    static let folder = "\(Workspace.repository)/labs/faults"

    static func all() throws -> [Fault] {
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
        let file = "\(folder)/\(name)/lab.yaml"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let finding = try #require(
          text.firstMatch(of: /finding: (PXL[0-9]{3})/)?.1, "\(name) expects no finding")
        return Fault(name: name, finding: String(finding))
      }
    }

    /// What `make test` runs: each way in which a boot can end, and each witness that can say so.
    /// `PXELAB_FAULTS=all` runs all, `PXELAB_FAULTS=NAME,NAME` those.
    static let always: Set = [
      "bios-program-for-uefi", "card-without-driver", "certificate-not-trusted", "checksum-offload",
      "cpu-model-obsolete",
      "grub-rescue", "grub-without-entry", "http-file-missing", "link-down", "missing-boot-file",
      "missing-second-stage", "next-server-unreachable", "no-server", "option-66-only",
      "native-vlan-mismatch", "processor-not-here", "toleration-forgotten", "too-much-memory",
      "transfer-stalls",
      "trunk-lacks-vlan",
      "unsigned-boot-file", "wrong-size",
    ]

    /// Labs whose mistake not every machine makes: each has a test of its own.
    static let conditional: Set = ["no-random-numbers"]

    /// Whether a lab is to be run.
    static func isAsked(_ name: String) -> Bool {
      switch ProcessInfo.processInfo.environment["PXELAB_FAULTS"] {
      case nil: always.contains(name)
      case "all": true
      case let names?: names.split(separator: ",").contains { $0 == name }
      }
    }

    /// Labs that are run together.
    struct Portion: Sendable, CustomTestStringConvertible {
      var faults: [Fault]
      var testDescription: String { faults.map(\.name).joined(separator: ", ") }
    }

    /// The labs to run, in portions for which a test's time is enough on a slow machine.
    static func portions() throws -> [Portion] {
      try all().filter { isAsked($0.name) && !conditional.contains($0.name) }.portions(of: 10)
        .map { Portion(faults: $0) }
    }

    /// Two labs at a time: most of a broken boot is waiting, and so is little work for a processor.
    @Test(arguments: try portions())
    func theFirstFindingIsTheCause(_ portion: Portion) async throws {
      try await twoAtATime(portion.faults) { try await Self.check($0) }
    }

    /// Only firmware of 2024-05 and later needs random numbers for its network.
    @Test(.enabled(if: isAsked("no-random-numbers")))
    func firmwareWithoutRandomNumbersHasNoNetwork() async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/faults/no-random-numbers")
        let machine = try outcome.report.machine
        let ids = machine.findings.map(\.id)
        #expect(
          machine.verdict == .pass ? ids.isEmpty : ids.first == "PXL051", machine.complaints)
      }
    }

    private static func check(_ fault: Fault) async throws {
      try await Workspace.use { workspace in
        let outcome = try await workspace.run(
          "up", "--once", "--format", "json", "labs/faults/\(fault.name)")
        let report = try outcome.report
        #expect(!report.machines.isEmpty)
        for machine in report.machines {
          let says = Comment(rawValue: "\(fault.name): \(machine.complaints)")
          // Of several machines some show that the lab is well but for the fault.
          guard machine.expectedFinding != nil else {
            #expect(machine.verdict == .pass, says)
            continue
          }
          #expect(machine.findings.first?.id == fault.finding, says)
          #expect(machine.isAsExpected, says)
          // A machine that boots all the same is told of it.
          #expect(machine.findings.first?.severity != .info || machine.verdict == .pass, says)
        }
        #expect(outcome.status == (report.holds ? 0 : 1), "\(fault.name)")
      }
    }

    @Test func eachFolderIsInTheTable() throws {
      let table = try String(contentsOfFile: "\(Self.folder)/README.md", encoding: .utf8)
      let rows = Set(
        table.matches(of: /\| \[([a-z0-9-]+)\]\(([a-z0-9-]+)\) \|.*\[(PXL[0-9]{3})\]/).map {
          #expect($0.1 == $0.2)
          return "\($0.1) \($0.3)"
        })
      #expect(rows == Set(try Self.all().map { "\($0.name) \($0.finding)" }))
      let names = Set(try Self.all().map(\.name))
      #expect(Self.always.isSubset(of: names) && Self.conditional.isSubset(of: names))
    }

    @Test func everyLabAskedForIsThere() throws {
      let asked = ProcessInfo.processInfo.environment["PXELAB_FAULTS"] ?? "all"
      let names = Set(try Self.all().map(\.name) + ["all"])
      for name in asked.split(separator: ",").map(String.init) {
        #expect(names.contains(name), "PXELAB_FAULTS: there is no labs/faults/\(name)")
      }
    }
  }
}
