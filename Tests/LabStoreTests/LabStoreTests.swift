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

  @Test func aProcessKnowsItsChildren() throws {
    let cat = Process()
    cat.executableURL = URL(fileURLWithPath: "/bin/cat")
    let input = Pipe()
    cat.standardInput = input
    try cat.run()
    let me = try #require(ProcessIdentity(running: getpid()))
    let child = try #require(ProcessIdentity(running: cat.processIdentifier))
    #expect(me.children.contains(child))
    #expect(child.children.isEmpty)
    try input.fileHandleForWriting.close()
    cat.waitUntilExit()
    #expect(!me.children.contains(child))
  }

}
