import FileSystem
import Foundation
import Glibc
import LabStore
import Testing

@Suite struct LabStoreTests {
  /// A folder of the test's own, removed by the caller.
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "pxelab-store-\(UUID().uuidString)"
    try Files.makeFolder(path)
    return path
  }

  @Test func writesWholeFilesWithTheirMode() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    try Files.write("one", to: "\(folder)/key")
    try Files.write("two", to: "\(folder)/key")
    #expect(try Files.read("\(folder)/key") == Data("two".utf8))
    #expect(try Files.names(in: folder) == ["key"])
    var status = stat()
    #expect(stat("\(folder)/key", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func errorsNameThePath() throws {
    #expect {
      try Files.write("x", to: "/nonexistent-pxelab/file")
    } throws: { "\($0)" == "cannot write /nonexistent-pxelab/file: No such file or directory" }
    #expect {
      _ = try Files.read("/nonexistent-pxelab/file")
    } throws: { "\($0)" == "cannot read /nonexistent-pxelab/file: No such file or directory" }
  }

  @Test func removingNothingIsFine() throws {
    try Files.remove("/nonexistent-pxelab/file")
  }

  @Test func journalKeepsOrderAndSurvivesACutLine() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    let journal = Journal(path: "\(folder)/journal")
    #expect(try journal.entries() == [])
    let me = try #require(ProcessIdentity(running: getpid()))
    try journal.append(.folder("/a b"))
    try journal.append(.sandbox(me))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/journal"))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"uplink":{"_0":{"pi"#.utf8))
    #expect(try journal.entries() == [.folder("/a b"), .sandbox(me)])
  }

  @Test func aProcessIsKnownByItsStart() throws {
    let me = try #require(ProcessIdentity(running: getpid()))
    #expect(me.isRunning)
    let json = #"{"pid":\#(getpid()),"startTicks":1}"#
    let impostor = try JSONDecoder().decode(ProcessIdentity.self, from: Data(json.utf8))
    #expect(!impostor.isRunning)
    #expect(ProcessIdentity(running: 0) == nil)
  }

  @Test func theLockIsHeldOnce() throws {
    let folder = try folder()
    defer { try? Files.remove(folder) }
    let path = "\(folder)/lock"
    #expect(!FileLock.isHeld(path: path))
    do {
      guard let lock = try FileLock(path: path) else {
        Issue.record("a free lock was not given")
        return
      }
      #expect(FileLock.isHeld(path: path))
      if let second = try FileLock(path: path) {
        Issue.record("the lock was given twice")
        _ = consume second
      }
      _ = consume lock
    }
    #expect(!FileLock.isHeld(path: path))
    FileLock.waitUntilFree(path: path)
  }
}
