import FileSystem
import Foundation
import Glibc
import Mutations
import Objects
import Testing

@testable import Store

/// Stores with real files.
@Suite struct StoreFileTests {
  private let empty = ObjectNode.mapping()

  @Test func holdsAllThatWasWritten() async throws {
    let folder = try TemporaryFolder()
    let store = try await Store.open(folder.file(), moment: fixedMoment)
    #expect(store.report == WriteAheadFile.Report(isNew: true))
    try await store.create(pod("a"), ["spec": ["text": "line\nbreak"]])
    try await store.create(ObjectKey(nodes, namespace: "", name: "n"), empty)
    try await store.delete(pod("a"))
    let list = await store.list(nodes)
    try await store.create(pod("b"), empty)
    let contents = await store.contents
    await store.close()

    let again = try await Store.open(folder.file(), moment: fixedMoment)
    #expect(again.report == WriteAheadFile.Report())
    #expect(await again.contents == contents)
    // A watch goes on where it was before.
    var watch = try await again.watch(from: .after(list.resourceVersion)).makeAsyncIterator()
    guard case .added(pod("b"), _)? = try await watch.next() else {
      Issue.record("the watch has lost a change")
      return
    }
    #expect(try await again.create(pod("c"), empty).resourceVersion == 5)
    var status = stat()
    #expect(stat(folder.file(), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func twoDoNotShareAFile() async throws {
    let folder = try TemporaryFolder()
    let store = try await Store.open(folder.file(), moment: fixedMoment)
    try await store.create(pod("a"), empty)
    let error = await #expect(throws: StoreFileError.self) { try await Store.open(folder.file()) }
    #expect(error?.description == "\(folder.file()) is in use by another process")
    try await store.create(pod("b"), empty)
    await store.close()
    await #expect(throws: StoreError.self) { try await store.create(pod("c"), empty) }
    let again = try await Store.open(folder.file())
    #expect(await again.status.objects == 2)
  }

  @Test func aTornEndIsCutOffAndToldOf() async throws {
    let folder = try TemporaryFolder()
    let store = try await Store.open(folder.file(), moment: fixedMoment)
    try await store.create(pod("a"), empty)
    let whole = folder.size()
    try await store.create(pod("b"), empty)
    await store.close()
    truncate(folder.file(), off_t(whole + 40))

    let again = try await Store.open(folder.file(), moment: fixedMoment)
    #expect(again.report == WriteAheadFile.Report(tornBytes: 40))
    #expect(folder.size() == whole)
    #expect(await again.get(pod("b")) == nil)
    #expect(try await again.create(pod("b"), empty).resourceVersion == 2)
    await again.close()
    let third = try await Store.open(folder.file())
    #expect(third.report == WriteAheadFile.Report())
    #expect(await third.status.objects == 2)
  }

  @Test func aDamagedFileIsRefusedAndLeftAlone() async throws {
    let folder = try TemporaryFolder()
    let store = try await Store.open(folder.file(), moment: fixedMoment)
    try await store.create(pod("a"), empty)
    await store.close()
    var bytes = Array(try Files.read(folder.file()))
    let place = bytes.count - 10
    bytes[place] ^= 1
    try Files.write(Data(bytes), to: folder.file())
    for _ in 0..<2 {
      let error = await #expect(throws: StoreFileError.self) { try await Store.open(folder.file()) }
      #expect(error?.description.hasPrefix("\(folder.file()) is damaged at byte ") == true)
      #expect(Array(try Files.read(folder.file())) == bytes)
    }
  }

  @Test func filesThatCannotBe() async throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder(folder.file("folder"))
    try Files.link(folder.file("device"), to: "/dev/null")
    for path in ["/nowhere/store", folder.file("folder"), folder.file("device")] {
      let error = await #expect(throws: StoreFileError.self) { try await Store.open(path) }
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test func theFileIsBegunAnewAndStaysBounded() async throws {
    let folder = try TemporaryFolder()
    var limits = StoreLimits()
    limits.fileBytes = 20_000
    let store = try await Store.open(folder.file(), limits: limits, moment: fixedMoment)
    // What a compaction that a crash has ended would leave.
    try Files.write("half a snapshot", to: folder.file("store.new"))
    for index in 0..<20 { try await store.create(pod("p\(index)"), ["spec": 0]) }
    var largest = 0
    for round in 1...60 {
      for index in 0..<20 { try await store.update(pod("p\(index)"), ["spec": .integer(round)]) }
      largest = max(largest, folder.size())
    }
    #expect(largest < 30_000)
    #expect(await store.status.compactionFailure == nil)
    let contents = await store.contents
    await store.close()
    let again = try await Store.open(folder.file(), limits: limits, moment: fixedMoment)
    #expect(await again.contents == contents)
    #expect(await again.status.revision == 1220)
    await again.close()
    try Files.write("half a snapshot", to: folder.file("store.new"))
    _ = try await Store.open(folder.file())
    #expect(try Files.names(in: folder.path) == ["store", "store.lock"])
  }

  @Test func aCompactionThatFailsIsToldOfAndHurtsNobody() async throws {
    let folder = try TemporaryFolder()
    var limits = StoreLimits()
    limits.fileBytes = 1000
    let store = try await Store.open(folder.file(), limits: limits, moment: fixedMoment)
    // A folder in the place of the new file, with something in it.
    try Files.makeFolder(folder.file("store.new") + "/x")
    for index in 0..<20 { try await store.create(pod("p\(index)"), empty) }
    let failure = await store.status.compactionFailure
    #expect(failure == "cannot write \(folder.file("store.new")): Is a directory")
    try Files.remove(folder.file("store.new"))
    for index in 20..<40 { try await store.create(pod("p\(index)"), empty) }
    #expect(await store.status.compactionFailure == nil)
    let contents = await store.contents
    await store.close()
    let again = try await Store.open(folder.file())
    #expect(await again.contents == contents)
  }

  /// A full disk, which a limit on the size of files stands for: the process's own, so in a
  /// process of its own.
  @Test func aFullDiskRefusesWritesAndKeepsTheFileWhole() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let store = try await Store.open(folder.file(), moment: fixedMoment)
      let large: ObjectNode = ["x": .text(String(repeating: "x", count: 1000))]
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 10_000, rlim_max: rlim_t.max)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      var written = 0
      var refused = 0
      for index in 0..<20 {
        do throws(StoreError) {
          try await store.create(pod("p\(index)"), large)
          written += 1
        } catch {
          #expect(error.description.hasSuffix("File too large"))
          refused += 1
        }
      }
      #expect(written > 5 && refused > 5)
      #expect(await store.status.objects == written)
      try await store.delete(pod("p0"))
      limit.rlim_cur = rlim_t.max
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try await store.create(pod("last"), large)
      let contents = await store.contents
      await store.close()
      let again = try await Store.open(folder.file())
      #expect(await again.contents == contents)
      #expect(again.report == WriteAheadFile.Report())
    }
  }
}
