import Foundation
import Glibc
import Testing

@Suite("The folder of labs")
struct StateFolderTests {
  @Test("one's own, or one that is not there yet")
  func usable() async throws {
    let folder = try TemporaryFolder()
    for state in [folder.path, "\(folder.path)/none"] {
      let outcome = try await Program().run(["status"], state: state)
      #expect(outcome.status == .exited(0), "\(outcome.errors)")
      #expect(outcome.output == "no lab is up\n")
    }
  }

  @Test("what others may change is refused, with the way out", arguments: [0o777, 0o1777, 0o770])
  func writable(_ mode: Int) async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
    let outcome = try await Program().run(["status"], state: folder.path)
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("`chmod go-w \(folder.path)`"), "\(outcome.errors)")
    #expect(outcome.errors.contains(String(mode, radix: 8)), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test("what is no folder is refused")
  func file() async throws {
    let outcome = try await Program().run(["status"], state: "/dev/null")
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("/dev/null is no folder"), "\(outcome.errors)")
    let below = try await Program().run(["status"], state: "/dev/null/x")
    #expect(below.status == .exited(3))
    #expect(below.errors.contains("Not a directory"), "\(below.errors)")
  }

  @Test("another user's is refused", .enabled(if: getuid() == 0, "only root can give it away"))
  func another() async throws {
    let folder = try TemporaryFolder()
    try #require(chown(folder.path, 65534, 65534) == 0)
    let outcome = try await Program().run(["status"], state: folder.path)
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("belongs to nobody"), "\(outcome.errors)")
    #expect(outcome.errors.contains("`sudo -H`"), "\(outcome.errors)")
  }
}
