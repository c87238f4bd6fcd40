import FileSystem
import Mutations
import Objects
import Testing

@testable import Store

/// What is read out of a file that a crash, or worse, has been at.
@Suite struct RecoveryTests {
  /// A file as bytes, and what the store held after each commit.
  private struct Recording {
    var bytes: [UInt8]
    /// The file's length after each commit, the first being that of the snapshot.
    var ends: [Int]
    /// The store's contents then.
    var contents: [[String]]
  }

  /// Some commits of every kind after a snapshot of two objects.
  private static func record() async throws -> Recording {
    let folder = try TemporaryFolder()
    let log = GatedLog(isOpen: true)
    var recording = Recording(bytes: [], ends: [], contents: [])
    let store = Store(log: log, moment: fixedMoment)
    try await store.create(ObjectKey(nodes, namespace: "", name: "node01"), ["kind": "Node"])
    try await store.create(machine("vm"), ["spec": ["text": "line\nbreak \u{0} é"]])
    let head = try await Self.snapshot(of: store, in: folder)
    recording.bytes = head
    func note(since count: Int) async {
      for payload in await log.payloads.dropFirst(count) {
        recording.bytes += Frame.wrap(payload)
      }
      recording.ends.append(recording.bytes.count)
      recording.contents.append(await store.contents)
    }
    await note(since: 2)
    let owner: ObjectNode = [
      "apiVersion": "kubevirt.io/v1", "kind": "virtualmachines", "name": "vm",
      "uid": "uid-default-vm",
    ]
    let writes: [WriteRequest] = [
      .create(pod("launcher"), ["metadata": ["ownerReferences": [owner]]], status: .apart),
      .updateStatus(machine("vm"), ["status": ["ready": true]]),
      .update(machine("vm"), ["metadata": ["finalizers": ["x"]]], status: .apart),
      .delete(machine("vm"), .foreground, Preconditions()),
      .delete(ObjectKey(nodes, namespace: "", name: "node01"), nil, Preconditions()),
      .create(pod("last"), [:], status: .apart),
    ]
    for request in writes {
      let count = await log.payloads.count
      _ = try await store.write(request)
      await note(since: count)
    }
    return recording
  }

  private static func snapshot(of store: Store, in folder: TemporaryFolder) async throws -> [UInt8]
  {
    let file = try WriteAheadFile(
      path: folder.file("head"), limits: StoreLimits(), waitsForDisk: false)
    _ = try await file.recover()
    try await file.replace(with: store.snapshot)
    return Array(try Files.read(folder.file("head")))
  }

  private static func recover(_ bytes: [UInt8]) throws(StoreFileError) -> Recovery {
    try Recovery(reading: bytes, path: "/lab/store", limits: StoreLimits())
  }

  @Test func cutAtEveryByteItHoldsTheWholeCommitsBefore() async throws {
    let recording = try await Self.record()
    #expect(recording.ends.count == 7)
    for length in 0...recording.bytes.count {
      let bytes = Array(recording.bytes[..<length])
      guard let commits = recording.ends.lastIndex(where: { $0 <= length }) else {
        // The snapshot gets its name when it is whole, so no crash cuts it.
        #expect(throws: StoreFileError.self) { try Self.recover(bytes) }
        continue
      }
      let recovery = try Self.recover(bytes)
      #expect(recovery.replay.table.contents == recording.contents[commits])
      #expect(recovery.size == recording.ends[commits])
      #expect(recovery.snapshotSize == recording.ends[0])
    }
  }

  @Test func everyChangedBitIsDamage() async throws {
    let recording = try await Self.record()
    var begins: [Int] = []
    var reader = FrameReader(recording.bytes)
    repeat { begins.append(reader.offset) } while try reader.next() != .end
    #expect(begins.removeLast() == recording.bytes.count)
    for (begin, end) in zip(begins, begins.dropFirst() + [recording.bytes.count]) {
      let frames = Array(recording.bytes[begin...])
      for index in 0..<end - begin {
        for bit in 0..<8 {
          var frames = frames
          frames[index] ^= 1 << bit
          var reader = FrameReader(frames)
          guard case .damaged = try reader.next() else {
            Issue.record("bit \(bit) of byte \(begin + index)")
            continue
          }
        }
      }
      // In the whole file, with its name and the frame's place.
      var bytes = recording.bytes
      bytes[(begin + end) / 2] ^= 1
      let error = #expect(throws: StoreFileError.self) { try Self.recover(bytes) }
      #expect(error?.description.hasPrefix("/lab/store is damaged at byte \(begin): ") == true)
    }
  }

  /// After a power cut a part of the last frame may read as 0: whole sectors, in any order.
  @Test func lostSectorsOfTheLastCommitAreTorn() async throws {
    let recording = try await Self.record()
    // A last commit over several sectors, at any place relative to them.
    for shift in stride(from: 0, to: 512, by: 37) {
      var bytes = Array(recording.bytes)
      let text = String(repeating: "x", count: 1500 + shift)
      var change = "{\"changes\":[{\"key\":[\"\",\"pods\",\"default\",\"big\"],\"object\":"
      change +=
        "{\"x\":\"\(text)\"},\"revision\":\(try Self.recover(bytes).replay.table.revision + 1)}]}"
      let begin = bytes.count
      bytes += Frame.wrap(Array(change.utf8))
      #expect(try Self.recover(bytes).size == bytes.count)
      let sectors = Set((begin..<bytes.count).map { $0 / 512 })
      for lost in sectors {
        var torn = bytes
        for index in begin..<torn.count where index / 512 == lost { torn[index] = 0 }
        let recovery = try Self.recover(torn)
        #expect(recovery.size == begin)
        #expect(recovery.replay.table.contents == recording.contents.last)
        // Not if the writer went on after it.
        var next = "{\"changes\":[{\"key\":[\"\",\"pods\",\"default\",\"next\"],\"object\":{},"
        next += "\"revision\":1}]}"
        #expect(throws: StoreFileError.self) {
          try Self.recover(torn + Frame.wrap(Array(next.utf8)))
        }
      }
      // Nor if less than a sector is lost.
      var holed = bytes
      for index in begin + 40..<begin + 60 { holed[index] = 0 }
      #expect(throws: StoreFileError.self) { try Self.recover(holed) }
      // The file was made longer, and nothing written.
      let extended = Array(bytes[..<begin]) + [UInt8](repeating: 0, count: bytes.count - begin)
      #expect(try Self.recover(extended).size == begin)
    }
  }

  @Test func framesThatAreMissingTwiceOrSwappedAreRefused() async throws {
    let recording = try await Self.record()
    let ends = recording.ends
    let frames = zip(ends, ends.dropFirst()).map { Array(recording.bytes[$0..<$1]) }
    let head = Array(recording.bytes[..<ends[0]])
    for index in frames.indices.dropLast() {
      var missing = frames
      missing.remove(at: index)
      var twice = frames
      twice.insert(frames[index], at: index)
      var swapped = frames
      swapped.swapAt(index, index + 1)
      for frames in [missing, twice, swapped] {
        let error = #expect(throws: StoreFileError.self) {
          try Self.recover(head + frames.joined())
        }
        #expect(error?.description.contains("is missing") == true)
      }
    }
  }

  @Test(arguments: [
    ("", "the file ends before its snapshot does"),
    (#"{"format":"other","version":1}"#, "does not begin as a store's"),
    (#"{"format":"pxelab store","version":2}"#, "version 2, this program reads 1"),
    (#"{"format":"pxelab store","version":1}"#, "the first record has no revision"),
    (#"{"format":"pxelab store","version":1,"revision":-1,"objects":0}"#, "no revision"),
    (#"{"format":"pxelab store","version":1,"revision":0,"objects":1}"#, "before its snapshot"),
    ("[", "no JSON"),
    (
      #"{"format":"pxelab store","version":1,"revision":0,"objects":0}|{"objects":[1]}"#,
      "more objects than"
    ),
    (
      #"{"format":"pxelab store","version":1,"revision":0,"objects":1}|{"changes":[]}"#,
      "does not belong here"
    ),
    (
      #"{"format":"pxelab store","version":1,"revision":0,"objects":1}|{"objects":[{"key":[1]}]}"#,
      "an object without its key"
    ),
    (
      #"{"format":"pxelab store","version":1,"revision":0,"objects":0}|{"changes":[{"revision":1}]}"#,
      "a change without its key"
    ),
    (
      #"{"format":"pxelab store","version":1,"revision":0,"objects":0}|"#
        + #"{"changes":[{"revision":1,"key":["","pods","default","a"]}]}"#, "was not there"
    ),
  ]) func filesThatAreNone(payloads: String, reason: String) {
    let frames = payloads.isEmpty ? [] : payloads.split(separator: "|").map { Array($0.utf8) }
    let error = #expect(throws: StoreFileError.self) {
      try Self.recover(frames.flatMap(Frame.wrap))
    }
    #expect(error?.description.contains(reason) == true)
    #expect(error?.description.contains("/lab/store") == true)
  }

  @Test func changedFilesNeverCrash() async throws {
    let recording = try await Self.record()
    var numbers = RepeatableNumbers(seed: 12)
    var refused = 0
    for _ in 0..<3000 {
      let bytes = numbers.changed(recording.bytes)
      do {
        _ = try Self.recover(bytes)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 2000)
  }

  @Test(arguments: [("", 0), ("123456789", 0xe306_9283), ("a", 0xc1d0_4330)] as [(String, UInt32)])
  func checksums(text: String, checksum: UInt32) {
    #expect(CRC32C.checksum(text.utf8) == checksum)
  }
}
