import Control
import Diagnosis
import Foundation
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
      "bios-program-for-uefi", "card-without-driver", "certificate-not-trusted",
      "grub-without-entry", "link-down",
      "missing-boot-file", "missing-second-stage", "next-server-unreachable",
      "processor-not-here", "too-much-memory",
    ]

    static func chosen() throws -> [Fault] {
      switch ProcessInfo.processInfo.environment["PXELAB_FAULTS"] {
      case nil: return try all().filter { always.contains($0.name) }
      case "all": return try all()
      case let names?:
        let asked = Set(names.split(separator: ",").map(String.init))
        let known = try all().filter { asked.contains($0.name) }
        try #require(known.count == asked.count, "PXELAB_FAULTS: not all of \(asked) are there")
        return known
      }
    }

    /// Two labs at a time: most of a broken boot is waiting, and so is little work for a processor.
    @Test func theFirstFindingIsTheCause() async throws {
      let faults = try Self.chosen()
      #expect(!faults.isEmpty)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, fault) in faults.enumerated() {
          if index >= 2 { try await group.next() }
          group.addTask { try await Self.check(fault) }
        }
        try await group.waitForAll()
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
          #expect(machine.findings.first?.id == fault.finding, says)
          #expect(machine.isAsExpected, says)
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
      #expect(Self.always.isSubset(of: try Self.all().map(\.name)))
    }
  }
}
