import Objects
import Testing

@testable import Store

@Suite struct WatchTests {
  private static func labelled(_ value: String?) -> ObjectNode {
    value.map { ["metadata": ["labels": ["x": .text($0)]]] } ?? [:]
  }

  /// A word for an event: `+a1` added, `~` modified, `-` deleted, `=` bookmark, with name and
  /// revision.
  private static func describe(_ event: WatchEvent?) -> String {
    switch event {
    case .added(let key, let object)?: "+\(key.name)\(object.resourceVersion)"
    case .modified(let key, let object)?: "~\(key.name)\(object.resourceVersion)"
    case .deleted(let key, let object)?: "-\(key.name)\(object.resourceVersion)"
    case .bookmark(let revision, let endsInitial)?: "\(endsInitial ? "!" : "=")\(revision)"
    case nil: "end"
    }
  }

  /// The next events of a watch.
  private static func next(_ count: Int, _ iterator: inout Watch.Iterator) async throws -> [String]
  {
    var events: [String] = []
    for _ in 0..<count { events.append(describe(try await iterator.next())) }
    return events
  }

  @Test(arguments: [
    // Labels of one object one after another; what a watch of x=1 says, the last being the end.
    (["1", nil], ["+a1", "-a2"]), ([nil, "1"], ["+a2", "-a3"]), (["1", "1"], ["+a1", "-a2"]),
    (["1", "2", "1"], ["+a1", "-a2", "+a3", "-a4"]), (["2", nil], []), ([nil], []),
  ]) func selectsByBothStates(labels: [String?], events: [String]) async throws {
    let store = Store(moment: fixedMoment)
    let watch = try await store.watch(WatchScope(pods), from: .now) { $0.label("x") == "1" }
    for (index, label) in labels.enumerated() {
      let tree = Self.labelled(label)
      _ =
        index == 0
        ? try await store.create(pod("a"), tree) : try await store.update(pod("a"), tree)
    }
    try await store.delete(pod("a"))
    // What comes after shows that nothing else came before.
    try await store.create(pod("z"), Self.labelled("1"))
    var iterator = watch.makeAsyncIterator()
    let last = await store.status.revision
    #expect(try await Self.next(events.count + 1, &iterator) == events + ["+z\(last)"])
  }

  @Test func whatLeavesIsShownAsItWas() async throws {
    let store = Store(moment: fixedMoment)
    var watch = try await store.watch(from: .now) { $0.label("x") == "1" }.makeAsyncIterator()
    try await store.create(pod("a"), Self.labelled("1"))
    try await store.update(pod("a"), Self.labelled("2"))
    _ = try await watch.next()
    guard case .deleted(_, let object) = try await watch.next() else {
      Issue.record("not deleted")
      return
    }
    #expect(object.label("x") == "1")
    #expect(object.resourceVersion == 2)
  }

  @Test(arguments: [
    (WatchScope(), ["+a1", "+b2", "+n3", "+a4"]), (WatchScope(pods), ["+a1", "+b2"]),
    (WatchScope(pods, namespace: "other"), ["+b2"]), (WatchScope(nodes), ["+n3"]),
    (WatchScope(nil, namespace: "default"), ["+a1", "+a4"]),
  ]) func scopes(scope: WatchScope, events: [String]) async throws {
    let store = Store(moment: fixedMoment)
    for start in [WatchStart.now, .after(0)] {
      var iterator = try await store.watch(scope, from: start).makeAsyncIterator()
      if start == .now {
        for key in [
          pod("a"), pod("b", in: "other"), ObjectKey(nodes, namespace: "", name: "n"), machine("a"),
        ] { try await store.create(key, Self.labelled(nil)) }
      }
      #expect(try await Self.next(events.count, &iterator) == events)
      #expect(iterator.changes.isEmpty)
    }
    var existing = try await store.watch(scope, from: .existing, bookmarks: true)
      .makeAsyncIterator()
    #expect(try await Self.next(events.count, &existing).sorted() == events.sorted())
    #expect(try await Self.next(1, &existing) == ["!4"])
  }

  @Test func aListAndAWatchAfterItMissNothingAndRepeatNothing() async throws {
    let store = Store(moment: fixedMoment)
    try await store.create(pod("a"), Self.labelled(nil))
    let list = await store.list(pods)
    try await store.create(pod("b"), Self.labelled(nil))
    var iterator = try await store.watch(WatchScope(pods), from: .after(list.resourceVersion))
      .makeAsyncIterator()
    #expect(try await Self.next(1, &iterator) == ["+b2"])
  }

  @Test func forgottenChangesAreTooOld() async throws {
    var limits = StoreLimits()
    limits.keptChanges = 10
    let store = Store(limits: limits, moment: fixedMoment)
    for index in 1...25 { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
    for known in [0, 14] {
      let error = await #expect(throws: StoreError.tooOld(known, oldest: 15)) {
        _ = try await store.watch(from: .after(known))
      }
      #expect(error?.description == "too old resource version: \(known) (15)")
      #expect(error?.code == 410)
      #expect(error?.reason == "Expired")
    }
    await #expect(throws: StoreError.tooNew(26, current: 25)) {
      _ = try await store.watch(from: .after(26))
    }
    var iterator = try await store.watch(from: .after(15)).makeAsyncIterator()
    #expect(try await Self.next(10, &iterator).last == "+p2525")
  }

  @Test(arguments: [(10, 1 << 20), (1000, 2000)])
  func theRingIsBoundedInNumberAndBytes(count: Int, bytes: Int) async throws {
    var limits = StoreLimits()
    limits.keptChanges = count
    limits.keptBytes = bytes
    var ring = ChangeRing(after: 7, limits: limits)
    #expect(ring.oldest == 7)
    var sizes: [Int] = []
    for revision in 8...500 {
      let size = 50 + revision % 90
      sizes.append(size)
      ring.append(
        Change(
          revision: revision, key: pod("a"), object: StoredObject([:], size: size),
          previous: nil, isRemoval: false))
      var kept = 0
      var total = 0
      while kept < min(count, sizes.count), total + sizes[sizes.count - 1 - kept] <= bytes {
        total += sizes[sizes.count - 1 - kept]
        kept += 1
      }
      #expect(ring.count == kept)
      #expect(ring.oldest == revision - kept)
    }
    // More than the bytes at once: nothing is kept, and nothing is wrong.
    ring.append(
      Change(
        revision: 501, key: pod("a"), object: StoredObject([:], size: bytes + 1), previous: nil,
        isRemoval: false))
    #expect(ring.count == 0)
    #expect(try ring.changes(after: 501, in: WatchScope()).changes.isEmpty)
    #expect(throws: StoreError.tooOld(500, oldest: 501)) {
      try ring.changes(after: 500, in: WatchScope())
    }
  }

  @Test func aSlowWatchHoldsUpNobodyAndIsTold() async throws {
    var limits = StoreLimits()
    limits.keptChanges = 100
    limits.watchChanges = 8
    let store = Store(limits: limits, moment: fixedMoment)
    var slow = try await store.watch(from: .now).makeAsyncIterator()
    for index in 1...20 { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
    #expect(try await Self.next(2, &slow) == ["+p11", "+p22"])
    // It holds no more than it took at once.
    #expect(slow.changes.count == 6)
    for index in 21...200 { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
    #expect(try await Self.next(6, &slow).last == "+p88")
    await #expect(throws: StoreError.tooOld(8, oldest: 100)) { _ = try await slow.next() }
  }

  @Test func bookmarksWhenNothingElseCame() async throws {
    var limits = StoreLimits()
    limits.bookmarkInterval = 5
    let store = Store(limits: limits, moment: fixedMoment)
    try await store.create(ObjectKey(nodes, namespace: "", name: "n"), Self.labelled(nil))
    let watch = try await store.watch(WatchScope(nodes), from: .now, bookmarks: true)
    let without = try await store.watch(WatchScope(nodes), from: .now)
    let reading = Task {
      var iterator = watch.makeAsyncIterator()
      return try await Self.next(3, &iterator)
    }
    await until { store.feed.waiting == 1 }
    for index in 0..<10 { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
    await until { store.feed.waiting == 1 }
    try await store.delete(ObjectKey(nodes, namespace: "", name: "n"))
    #expect(try await reading.value == ["=6", "=11", "-n12"])
    var plain = without.makeAsyncIterator()
    #expect(try await Self.next(1, &plain) == ["-n12"])
    // A reader that comes late gets one bookmark for all that it need not see.
    var late = try await store.watch(WatchScope(machines), from: .after(1), bookmarks: true)
      .makeAsyncIterator()
    #expect(try await Self.next(1, &late) == ["=12"])
  }

  @Test func aSelectionThatNothingEntersGetsBookmarks() async throws {
    var limits = StoreLimits()
    limits.bookmarkInterval = 5
    let store = Store(limits: limits, moment: fixedMoment)
    var watch = try await store.watch(WatchScope(pods), from: .now, bookmarks: true) { _ in false }
      .makeAsyncIterator()
    for index in 0..<7 { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
    #expect(try await Self.next(1, &watch) == ["=7"])
  }

  @Test func cancellationLeavesNobodyWaiting() async throws {
    let store = Store(moment: fixedMoment)
    let watches = try await (0..<50).asyncMap { _ in try await store.watch(from: .now) }
    let readers = watches.map { watch in
      Task {
        var count = 0
        for try await _ in watch { count += 1 }
        return count
      }
    }
    await until { store.feed.waiting == 50 }
    for reader in readers.prefix(30) { reader.cancel() }
    for reader in readers.prefix(30) { #expect(try await reader.value == 0) }
    #expect(store.feed.waiting == 20)
    try await store.create(pod("a"), Self.labelled(nil))
    await until { store.feed.waiting == 20 }
    await store.close()
    for reader in readers.suffix(20) { #expect(try await reader.value == 1) }
    #expect(store.feed.waiting == 0)
    // A store that is closed has no more to say; a task that is cancelled hears nothing.
    var iterator = try await store.watch(from: .after(0)).makeAsyncIterator()
    #expect(try await iterator.next() == nil)
  }

  @Test func aStoreThatIsGoneEndsItsWatches() async throws {
    var store: Store? = Store(moment: fixedMoment)
    let watch = try #require(try await store?.watch(from: .now))
    let feed = try #require(store?.feed)
    let reader = Task {
      for try await _ in watch {}
    }
    await until { feed.waiting == 1 }
    store = nil
    try await reader.value
  }

  @Test func fiftyWatchesSeeAllChangesInOrder() async throws {
    let store = Store(moment: fixedMoment)
    let readers = try await (0..<50).asyncMap { index in
      let scope = index % 2 == 0 ? WatchScope() : WatchScope(pods)
      let watch = try await store.watch(scope, from: .now)
      return Task {
        var revisions: [Int] = []
        for try await event in watch {
          guard case .added(let key, let object) = event else { continue }
          revisions.append(object.resourceVersion)
          if key.name == "last" { break }
        }
        return revisions
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<500 {
        group.addTask { try await store.create(pod("p\(index)"), Self.labelled(nil)) }
      }
      try await group.waitForAll()
    }
    try await store.create(pod("last"), Self.labelled(nil))
    for reader in readers { #expect(try await reader.value == Array(1...501)) }
  }
}

extension Sequence {
  /// The results of `body`, one after another.
  func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
