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

  /// The parent is a process of the test's own: other tests start children of this one all the time,
  /// and the kernel's list may then leave some out (proc(5)).
  @Test func aProcessKnowsItsChildren() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "exec 3<&0; cat <&3 & echo $!; cat"]
    let input = Pipe()
    let output = Pipe()
    shell.standardInput = input
    shell.standardOutput = output
    try shell.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let cat = try #require(Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    let parent = try #require(ProcessIdentity(running: shell.processIdentifier))
    let child = try #require(ProcessIdentity(running: cat))
    #expect(parent.children.contains(child))
    #expect(child.children.isEmpty)
    try input.fileHandleForWriting.close()
    shell.waitUntilExit()
    #expect(parent.children == [])
  }

}
