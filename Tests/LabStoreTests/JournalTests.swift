import FileSystem
import Foundation
import Glibc
import LabStore
import Testing

@Suite struct JournalTests {
  /// A journal of these bytes in a folder of the test's own, which `body` is given too.
  private func with(_ text: String, _ body: (Journal, String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pxelab-journal-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    let path = "\(folder)/journal"
    try Files.write(text, to: path)
    try body(Journal(path: path), path)
  }

  private static let folder = #"{"folder":{"_0":"/a b"}}"#
  private static let uplink = #"{"uplink":{"interface":"eth1","isUp":true}}"#

  @Test(
    "what is read: all entries, but for a last one without an end",
    arguments: [
      ("", []), ("\n", []), (folder + "\n", [.folder("/a b")]),
      (folder + "\n" + uplink + "\n", [.folder("/a b"), .uplink(interface: "eth1", isUp: true)]),
      (folder + "\n\n" + uplink + "\n", [.folder("/a b"), .uplink(interface: "eth1", isUp: true)]),
      (folder + "\n" + uplink.dropLast(3), [.folder("/a b")]),
      (folder + "\n{\"newer\":{}", [.folder("/a b")]),
      (folder + "\n\u{0}\u{0}", [.folder("/a b")]),
      // pxelab 0.1 wrote no identity.
      (
        #"{"virtualFunction":{"address":"0000:01:00.1","restoring":[]}}"# + "\n",
        [.virtualFunction(address: "0000:01:00.1", driver: nil, restoring: [])]
      ),
    ] as [(String, [Journal.Entry])])
  func reading(_ text: String, _ entries: [Journal.Entry]) throws {
    try with(text) { journal, _ in
      let read = try journal.entries()
      #expect(read == entries)
    }
  }

  @Test(
    "what is refused, by line and kind",
    arguments: [
      ("nonsense\n", 1, nil), (folder + "\nnonsense\n" + uplink + "\n", 2, nil),
      (folder + "\n{\"folder\":{}}\n", 2, nil), (folder + "\n[]\n", 2, nil),
      (uplink.dropLast(3) + folder + "\n", 1, nil),
      (#"{"identity":{"_0":"../../x"}}"# + "\n", 1, nil),
      (folder + "\n{\"hugePages\":{\"_0\":{\"count\":[1]}}}\n" + folder + "\n", 2, "hugePages"),
    ] as [(String, Int, String?)])
  func refusing(_ text: String, _ line: Int, _ kind: String?) throws {
    try with(text) { journal, path in
      let error = #expect(throws: JournalError.self) { try journal.lines() }
      #expect(error?.path == path && error?.line == line && error?.kind == kind)
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("\(path):\(line): "))
      let after = try Files.text(of: path)
      #expect(after == text)
    }
  }

  @Test("a journal that is not there is empty")
  func missing() throws {
    let journal = Journal(path: "/nonexistent-pxelab/journal")
    #expect(try journal.entries() == [])
    #expect(try journal.identity() == nil)
    #expect(throws: (any Error).self) { try journal.append(.folder("/a")) }
  }

  @Test("every kind of entry is read as it was written")
  func kinds() throws {
    let me = try #require(ProcessIdentity(running: getpid()))
    let entries: [Journal.Entry] = [
      .identity(.random()), .folder("/a b"), .sandbox(me), .mount("/run/x"),
      .uplink(interface: "eth1", isUp: false),
      .virtualFunction(address: "0000:01:00.1", driver: "igbvf", restoring: ["link", "set"]),
    ]
    try with("") { journal, _ in
      for entry in entries { try journal.append(entry) }
      #expect(try journal.entries() == entries)
      guard case .identity(let identity) = entries[0] else { return }
      #expect(try journal.identity() == identity)
    }
  }

  @Test("it is cut entry by entry, and goes on after that")
  func cutting() throws {
    try with(Self.folder + "\n" + Self.uplink + "\n{\"mount\":{\"_0\":\"/m\"}}\n{\"torn") {
      journal, path in
      let lines = try journal.lines()
      #expect(lines.count == 3)
      try journal.cut(from: lines[2])
      #expect(try Files.text(of: path) == Self.folder + "\n" + Self.uplink + "\n")
      try journal.cut(from: lines[1])
      try journal.append(.mount("/n"))
      #expect(try journal.entries() == [.folder("/a b"), .mount("/n")])
      try journal.cut(from: try #require(journal.lines().first))
      #expect(try journal.entries() == [])
    }
  }

  @Test("an identity is 16 hexadecimal digits, and each lab has its own")
  func identities() throws {
    for text in [
      "", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "../../../../../..",
    ] {
      #expect(LabIdentity(text) == nil, "\(text)")
    }
    #expect(LabIdentity("0123456789abcdef")?.description == "0123456789abcdef")
    let drawn = (0..<100).map { _ in LabIdentity.random() }
    #expect(Set(drawn).count == 100)
    #expect(drawn.allSatisfy { LabIdentity($0.description) == $0 })
  }
}
