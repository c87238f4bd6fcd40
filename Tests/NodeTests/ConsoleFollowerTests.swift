import Foundation
import Objects
import Testing

@testable import Node

@Suite(.timeLimit(.minutes(10))) struct ConsoleFollowerTests {
  private static func key(_ name: String) -> ObjectKey {
    ObjectKey(.virtualMachineInstances, namespace: "default", name: name)
  }

  @Test func whatIsAppendedArrivesInOrderAndWhatWasThereDoesNot() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let files = ["a": "\(folder.path)/a.log", "b": "\(folder.path)/b.log"]
    try Data("before".utf8).write(to: URL(filePath: "\(folder.path)/a.log"))
    let (pieces, piece) = AsyncStream.makeStream(of: (ObjectKey, [UInt8]).self)
    let follower = try ConsoleFollower { piece.yield(($0, $1)) }
    defer { withExtendedLifetime(follower) {} }
    for (name, file) in files { try follower.follow(file, as: Self.key(name)) }
    var seen: [String: String] = [:]
    var iterator = pieces.makeAsyncIterator()
    for (name, text) in [("a", ", one"), ("b", "other"), ("a", ", two")] {
      let file = try FileHandle(forWritingTo: URL(filePath: try #require(files[name])))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }
    while seen != ["a": ", one, two", "b": "other"], let (key, bytes) = await iterator.next() {
      seen[key.name, default: ""] += String(decoding: bytes, as: UTF8.self)
    }
    #expect(seen == ["a": ", one, two", "b": "other"])
  }

  @Test func aFileThatIsFollowedAgainTellsWhatComesFromThenOn() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = "\(folder.path)/a.log"
    let (pieces, piece) = AsyncStream.makeStream(of: (ObjectKey, [UInt8]).self)
    let follower = try ConsoleFollower { piece.yield(($0, $1)) }
    defer { withExtendedLifetime(follower) {} }
    var iterator = pieces.makeAsyncIterator()
    for (name, text) in [("first", "one"), ("second", "two")] {
      try follower.follow(path, as: Self.key(name))
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
      let (key, bytes) = try #require(await iterator.next())
      #expect(key.name == name)
      #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
  }

  @Test func aFileThatCannotBeMadeIsNamed() throws {
    let follower = try ConsoleFollower { _, _ in }
    #expect {
      try follower.follow("/nonexistent-pxelab/console.log", as: Self.key("m"))
    } throws: {
      "\($0)" == "cannot open /nonexistent-pxelab/console.log: No such file or directory"
    }
  }
}
