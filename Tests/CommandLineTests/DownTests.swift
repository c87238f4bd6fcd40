import Foundation
import Testing

@Suite("Taking down what was left") struct DownTests {
  /// A state folder with a removal that was cut short, of a lab with this journal.
  private func leftover(_ journal: String) throws -> (TemporaryFolder, String) {
    let state = try TemporaryFolder()
    let path = "\(state.path)/labs/.removing-x-0123456789abcdef"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(journal.utf8).write(to: URL(fileURLWithPath: "\(path)/journal.ndjson"))
    return (state, path)
  }

  @Test("a removal that was cut short is no lab, and `down` finishes it", arguments: [[], ["x"]])
  func finishing(_ arguments: [String]) async throws {
    let (state, path) = try leftover(#"{"identity":{"_0":"0123456789abcdef"}}"# + "\n")
    let status = try await Program().run(["status"], state: state.path)
    #expect(status.status == .exited(0) && status.output == "no lab is up\n")
    let other = try await Program().run(["down", "y"], state: state.path)
    #expect(other.status == .exited(5))
    #expect(FileManager.default.fileExists(atPath: path))
    let down = try await Program().run(["down"] + arguments, state: state.path)
    #expect(down.status == .exited(0), "\(down.errors)")
    #expect(down.output.contains("removed the lab x"))
    #expect(!FileManager.default.fileExists(atPath: path))
    let again = try await Program().run(["down"] + arguments, state: state.path)
    #expect(again.status == .exited(5))
  }

  @Test("a damaged journal is named with its line, and nothing is lost")
  func damaged() async throws {
    let (state, path) = try leftover("{\"identity\":{\"_0\":\"0123456789abcdef\"}}\nx\n")
    let down = try await Program().run(["down", "x"], state: state.path)
    #expect(down.status == .exited(5))
    #expect(down.errors.contains("\(path)/journal.ndjson:2: "), "\(down.errors)")
    #expect(FileManager.default.fileExists(atPath: "\(path)/journal.ndjson"))
  }
}
