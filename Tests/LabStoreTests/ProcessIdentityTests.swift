import FileSystem
import Foundation
import Glibc
import LabStore
import Testing

@Suite struct ProcessIdentityTests {
  @Test func aProcessIsKnownByItsStart() throws {
    let me = try #require(ProcessIdentity(running: getpid()))
    #expect(me.isRunning)
    let json = #"{"pid":\#(getpid()),"startTicks":1}"#
    let impostor = try JSONDecoder().decode(ProcessIdentity.self, from: Data(json.utf8))
    #expect(!impostor.isRunning)
    // Were it this process, it would end here.
    #expect(try !impostor.signal(SIGKILL))
    #expect(ProcessIdentity(running: 0) == nil)
  }

  @Test func aProcessTakesASignalUntilItIsGone() async throws {
    let cat = Process()
    cat.executableURL = URL(fileURLWithPath: "/bin/cat")
    cat.standardInput = Pipe()
    let (ending, end) = AsyncStream.makeStream(of: Void.self)
    cat.terminationHandler = { _ in end.finish() }
    try cat.run()
    let identity = try #require(ProcessIdentity(running: cat.processIdentifier))
    #expect(try identity.signal(SIGKILL))
    for await _ in ending {}
    #expect(cat.terminationReason == .uncaughtSignal && cat.terminationStatus == SIGKILL)
    #expect(!identity.isRunning)
    #expect(try !identity.signal(SIGKILL))
    let error = #expect(throws: FileError.self) {
      try #require(ProcessIdentity(running: getpid())).signal(1000)
    }
    #expect(error?.errno == EINVAL)
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
