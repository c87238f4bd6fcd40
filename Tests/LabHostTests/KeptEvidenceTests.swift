import FileSystem
import Foundation
import Testing

@testable import LabHost

@Suite struct KeptEvidenceTests {
  private static func lab(_ state: State, _ name: String, _ files: [String: String]) throws
    -> String
  {
    let folder = "\(state.path)/labs/.removing-\(name)-0123456789abcdef"
    for (path, text) in files {
      try Files.makeParent(of: "\(folder)/\(path)")
      try Files.write(text, to: "\(folder)/\(path)")
    }
    return folder
  }

  @Test func logsCapturesObjectsAndTheReportAreKept() throws {
    let state = try State()
    let evidence = KeptEvidence(stateFolder: state.path)
    let folder = try Self.lab(
      state, "x",
      [
        "supervisor.log": "s", "br1.pcapng": "p", "br1.earlier.pcapng": "e", "objects": "o",
        "report.json": "{}", "machine-m/console.log": "c", "machine-m/disk.qcow2": "d",
        "server-pxe/root/shimx64.efi": "n", "server-pxe/dnsmasq.log": "d", "uplink.log": "",
      ])
    #expect(symlink("/etc/passwd", "\(folder)/machine-m/link.log") == 0)
    try evidence.take(from: folder, lab: "x", at: Date(timeIntervalSince1970: 1.5))
    let kept = try #require(try evidence.labs().first)
    #expect(kept.name == "x" && kept.time == "1970-01-01T00.00.01.500Z")
    #expect(
      try kept.files() == [
        "br1.earlier.pcapng", "br1.pcapng", "machine-m/console.log", "objects", "report.json",
        "server-pxe/dnsmasq.log", "supervisor.log",
      ])
    #expect(try Files.text(of: "\(kept.path)/machine-m/console.log") == "c")
    try evidence.remove("x")
    #expect(try evidence.labs().isEmpty)
  }

  @Test func theNewestLabsStay() throws {
    let state = try State()
    let evidence = KeptEvidence(stateFolder: state.path)
    for number in 0..<8 {
      let name = number.isMultiple(of: 2) ? "even" : "odd"
      let folder = try Self.lab(state, name, ["lab.log": "\(number)"])
      try evidence.take(
        from: folder, lab: name, at: Date(timeIntervalSince1970: Double(number) * 86_400))
      try Files.remove(folder)
    }
    #expect(try evidence.labs().map(\.name) == ["odd", "even", "odd", "even", "odd"])
    let last = try #require(try evidence.labs(named: "even").first)
    #expect(try Files.text(of: "\(last.path)/lab.log") == "6")
    #expect(try Files.names(in: "\(state.path)/kept").count == KeptEvidence.mostLabs)
  }

  @Test func ofALabThatIsTooLargeTheLargestFilesGo() throws {
    let state = try State()
    let evidence = KeptEvidence(stateFolder: state.path)
    let folder = try Self.lab(state, "x", ["lab.log": "l", "br1.pcapng": ""])
    #expect(truncate("\(folder)/br1.pcapng", off_t(KeptEvidence.mostBytes)) == 0)
    try evidence.take(from: folder, lab: "x")
    #expect(try evidence.labs().first?.files() == ["lab.log"])
  }

  @Test("a removal keeps it, one that was cut short goes on with it, and nothing need be kept")
  func removal() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    try Files.write("words", to: state.paths("x").daemonLog)
    try Files.makeFolder("\(state.path)/kept/.new-.removing-x-0123456789abcdef")
    #expect(try await LabRemoval(paths: state.paths("x"), loans: RecordedLoans()).remove())
    let kept = try #require(try KeptEvidence(stateFolder: state.path).labs(named: "x").first)
    #expect(try kept.files() == ["lab.log"])
    try state.makeDeadLab("y")
    try Files.write("words", to: state.paths("y").daemonLog)
    let removal = LabRemoval(
      paths: state.paths("y"), loans: RecordedLoans(), keepsEvidence: false)
    #expect(try await removal.remove())
    #expect(try KeptEvidence(stateFolder: state.path).labs().map(\.name) == ["x"])
  }

  @Test("where nothing can be kept the lab is removed all the same, and it is said")
  func fullDisk() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    try Files.write("words", to: state.paths("x").daemonLog)
    try Files.write("no folder", to: "\(state.path)/kept")
    let removal = LabRemoval(paths: state.paths("x"), loans: RecordedLoans())
    await #expect(throws: RemovalError.self) { try await removal.remove() }
    #expect(try state.labs() == [])
  }
}
