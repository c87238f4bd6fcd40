import Foundation
import Testing

@testable import Supervisor

@Suite(.timeLimit(.minutes(10))) struct ConsoleFollowerTests {
  @Test func whatIsThereAndWhatIsAppendedArrivesInOrder() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let files = ["\(folder.path)/a.log", "\(folder.path)/b.log"]
    try Data("before".utf8).write(to: URL(filePath: files[0]))
    let (pieces, piece) = AsyncStream.makeStream(of: (Int, [UInt8]).self)
    let follower = try ConsoleFollower(files) { piece.yield(($0, $1)) }
    defer { withExtendedLifetime(follower) {} }
    var seen = [[UInt8]](repeating: [], count: 2)
    var iterator = pieces.makeAsyncIterator()
    func wait(for text: String, in index: Int) async {
      while !seen[index].elementsEqual(text.utf8), let (from, bytes) = await iterator.next() {
        seen[from] += bytes
      }
    }
    await wait(for: "before", in: 0)
    for (index, text) in [(0, ", one"), (1, "other"), (0, ", two")] {
      let file = try FileHandle(forWritingTo: URL(filePath: files[index]))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }
    await wait(for: "before, one, two", in: 0)
    await wait(for: "other", in: 1)
    #expect(seen.map { String(decoding: $0, as: UTF8.self) } == ["before, one, two", "other"])
  }

  @Test func aFileThatCannotBeMadeIsNamed() {
    #expect {
      _ = try ConsoleFollower(["/nonexistent-pxelab/console.log"]) { _, _ in }
    } throws: {
      "\($0)" == "cannot open /nonexistent-pxelab/console.log: No such file or directory"
    }
  }
}
