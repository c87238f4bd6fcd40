import FileSystem
import Glibc
import Objects
import Testing

@testable import Store

/// Writes on their way into the log.
@Suite struct CommitTests {
  private let empty = ObjectNode.mapping()

  @Test func nothingIsSeenBeforeItIsInTheLog() async throws {
    let log = GatedLog()
    let store = Store(log: log, moment: fixedMoment)
    var watch = try await store.watch(from: .now).makeAsyncIterator()
    let writing = Task { try await store.create(pod("a"), empty) }
    await until { await log.waitingCount == 1 }
    #expect(await store.get(pod("a")) == nil)
    #expect(await store.list(pods).items.isEmpty)
    #expect(await store.status.revision == 0)
    await #expect(throws: StoreError.tooNew(1, current: 0)) {
      _ = try await store.watch(from: .after(1))
    }
    await log.open()
    let made = try await writing.value
    #expect(await store.get(pod("a")) == made)
    #expect(try await watch.next() == .added(pod("a"), made))
  }

  @Test func writesThatComeMeanwhileAreOneCommit() async throws {
    let log = GatedLog()
    let store = Store(log: log, moment: fixedMoment)
    let first = Task { try await store.create(pod("first"), empty) }
    await until { await log.waitingCount == 1 }
    let others = (0..<100).map { index in
      Task { try await store.create(pod("p\(index)"), empty).resourceVersion }
    }
    await until { await store.waitingWriters == 100 }
    await log.open()
    _ = try await first.value
    var versions: [Int] = []
    for other in others { versions.append(try await other.value) }
    #expect(versions.sorted() == Array(2...101))
    #expect(await log.payloads.count == 2)
  }

  @Test func largeCommitsAreDivided() async throws {
    var limits = StoreLimits()
    limits.batchBytes = 2000
    let log = GatedLog()
    let store = Store(log: log, limits: limits, moment: fixedMoment)
    let writers = (0..<100).map { index in
      Task { try await store.create(pod("p\(index)"), empty) }
    }
    await until { await store.waitingWriters == 99 }
    await log.open()
    for writer in writers { _ = try await writer.value }
    let sizes = await log.payloads.map(\.count)
    #expect(sizes.allSatisfy { $0 < 2100 })
    #expect(sizes.count > 5 && sizes.count < 20)
    #expect(await store.status.objects == 100)
  }

  @Test func aRefusalComesWhenItsReasonCanBeSeen() async throws {
    let log = GatedLog()
    let store = Store(log: log, moment: fixedMoment)
    let first = Task { try await store.create(pod("a"), empty) }
    await until { await log.waitingCount == 1 }
    let second = Task { () -> StoreError? in
      do throws(StoreError) {
        try await store.create(pod("a"), empty)
        return nil
      } catch {
        return error
      }
    }
    let third = Task { () -> StoredObject? in
      _ = await second.value
      return await store.get(pod("a"))
    }
    await until { await store.waitingWriters == 1 }
    await log.open()
    #expect(await second.value == .alreadyExists(pod("a")))
    #expect(try await third.value == first.value)
    #expect(await log.payloads.count == 1)
  }

  @Test func whatCannotBeWrittenHasNotHappened() async throws {
    let log = GatedLog(isOpen: true)
    let store = Store(log: log, moment: fixedMoment)
    try await store.create(pod("before"), empty)
    await log.open(failing: FileError("write /lab/store", errno: ENOSPC))
    let reason = "the change is not stored: cannot write /lab/store: No space left on device"
    let error = await #expect(throws: StoreError.self) { try await store.create(pod("a"), empty) }
    #expect(error?.description == reason)
    #expect(error?.code == 500)
    #expect(await store.get(pod("a")) == nil)
    await log.open()
    let later = try await store.create(pod("a"), empty)
    #expect(later.resourceVersion == 2)
  }

  @Test func writersBehindAFailedCommitFailWithIt() async throws {
    let log = GatedLog()
    let store = Store(log: log, moment: fixedMoment)
    let writers = (0..<20).map { index in
      Task { () -> StoreError? in
        do throws(StoreError) {
          try await store.create(pod("p\(index)"), empty)
          return nil
        } catch {
          return error
        }
      }
    }
    await until { await store.waitingWriters == 19 }
    await log.open(failing: FileError("write", errno: EIO))
    for writer in writers {
      let error = await writer.value
      #expect(error?.description == "the change is not stored: cannot write: Input/output error")
    }
    #expect(await store.status.objects == 0)
    await log.open()
    #expect(try await store.create(pod("p0"), empty).resourceVersion == 1)
    #expect(await store.contents.count == 1)
  }

  @Test func aCancelledWriterFinishes() async throws {
    let log = GatedLog()
    let store = Store(log: log, moment: fixedMoment)
    let writers = (0..<3).map { index in
      Task { try await store.create(pod("p\(index)"), empty) }
    }
    await until { await store.waitingWriters == 2 }
    for writer in writers { writer.cancel() }
    await log.open()
    for writer in writers { _ = try await writer.value }
    #expect(await store.status.objects == 3)
  }
}
