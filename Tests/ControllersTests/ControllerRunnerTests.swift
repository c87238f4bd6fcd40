import Logging
import Objects
import Reconciliation
import Store
import Synchronization
import Testing

@testable import Controllers

/// What the runner does with any controller.
@Suite(.timeLimit(.minutes(5))) struct ControllerRunnerTests {
  private static let things = GroupResource("things")

  private static func key(_ name: String) -> ObjectKey {
    ObjectKey(things, namespace: "default", name: name)
  }

  /// Doubles `spec.wanted` into `status.is`, and lets a test look in between.
  private struct Doubler: Reconciler {
    let name = "doubler"
    let looks: Looks
    var meanwhile: @Sendable (ObjectKey, Int) -> Reconciliation.Change? = { _, _ in nil }

    func keys(
      concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Reconciliation.Snapshot
    ) -> [ObjectKey] {
      [key]
    }

    func reconcile(
      _ key: ObjectKey, in snapshot: any Reconciliation.Snapshot, at moment: Moment
    ) -> Outcome {
      let look = looks.count(key)
      guard var object = snapshot.object(key), let wanted = object["spec", "wanted"]?.integer
      else { return Outcome() }
      let extra = meanwhile(key, look).map { [$0] } ?? []
      let before = object
      object["status", "is"] = .integer(wanted * 2)
      return Outcome(extra + (object == before ? [] : [.updateStatus(key, object)]))
    }
  }

  /// Gives each thing the number after the greatest that there is.
  private struct Numberer: Reconciler {
    let name = "numberer"
    let takesTurns = true

    func keys(
      concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Reconciliation.Snapshot
    ) -> [ObjectKey] {
      [key]
    }

    func reconcile(
      _ key: ObjectKey, in snapshot: any Reconciliation.Snapshot, at moment: Moment
    ) -> Outcome {
      guard var object = snapshot.object(key), object["status", "is"] == nil else {
        return Outcome()
      }
      let numbers = snapshot.objects(of: things, namespace: nil).compactMap {
        $0.object["status", "is"]?.integer
      }
      object["status", "is"] = .integer((numbers.max() ?? 0) + 1)
      return Outcome([.updateStatus(key, object)])
    }
  }

  private final class Looks: Sendable {
    private let counts = Mutex<[ObjectKey: Int]>([:])

    func count(_ key: ObjectKey) -> Int {
      counts.withLock { counts in
        counts[key, default: 0] += 1
        return counts[key] ?? 0
      }
    }

    subscript(key: ObjectKey) -> Int { counts.withLock { $0[key] ?? 0 } }
  }

  /// A log that keeps what is said.
  private final class Sayings: Sendable {
    let lines = Mutex<[String]>([])

    func logger(_ level: Logger.Level = .error) -> Logger {
      var logger = Logger(label: "test") { _ in Handler(sayings: self) }
      logger.logLevel = level
      return logger
    }

    private struct Handler: LogHandler {
      let sayings: Sayings
      var metadata: Logger.Metadata = [:]
      var logLevel = Logger.Level.trace
      subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
      }
      func log(event: LogEvent) {
        sayings.lines.withLock { $0.append("\(event.message)") }
      }
    }
  }

  private func run(
    _ reconciler: any Reconciler, _ store: Store, clock: ManualClock = ManualClock(),
    sayings: Sayings = Sayings(), _ body: () async throws -> Void
  ) async throws {
    let runner = ControllerRunner(reconciler, store: store, clock: clock, logger: sayings.logger())
    let task = Task { await runner.run() }
    defer { task.cancel() }
    try await body()
    task.cancel()
    await task.value
  }

  private func result(_ store: Store, _ name: String) async -> Int? {
    await store.get(Self.key(name))?.tree["status", "is"]?.integer
  }

  private func thing(_ wanted: Int) -> ObjectNode {
    ["kind": "Thing", "metadata": .mapping(), "spec": ["wanted": .integer(wanted)]]
  }

  @Test func objectsBeforeAndAfterTheBeginning() async throws {
    let store = Store()
    try await store.create(Self.key("old"), thing(1))
    try await run(Doubler(looks: Looks()), store) {
      await until { await result(store, "old") == 2 }
      try await store.create(Self.key("new"), thing(5))
      await until { await result(store, "new") == 10 }
      try await store.update(Self.key("old"), thing(4))
      await until { await result(store, "old") == 8 }
    }
  }

  /// As pods are placed: each decision rests on those before it.
  @Test func decisionsThatTakeTurnsSeeEachOther() async throws {
    let store = Store()
    let names = (1...64).map { "t\($0)" }
    for name in names { try await store.create(Self.key(name), thing(0)) }
    try await run(Numberer(), store) {
      var numbers: Set<Int> = []
      for name in names {
        await until { await result(store, name) != nil }
        numbers.insert(await result(store, name) ?? 0)
      }
      #expect(numbers == Set(1...64))
    }
  }

  @Test func aConflictIsDecidedAnew() async throws {
    let store = Store()
    let looks = Looks()
    let sayings = Sayings()
    // The first decision writes by a version that is not there.
    let rival = Doubler(looks: looks) { key, look in
      guard look == 1 else { return nil }
      return .update(
        key, ["kind": "Thing", "metadata": ["resourceVersion": "999"], "spec": ["wanted": 7]])
    }
    try await run(rival, store, sayings: sayings) {
      try await store.create(Self.key("a"), thing(1))
      await until { await result(store, "a") == 2 }
    }
    #expect(looks[Self.key("a")] >= 2)
    #expect(await store.get(Self.key("a"))?.tree["spec", "wanted"] == 1)
    // That is how things go: nothing is said.
    #expect(sayings.lines.withLock { $0 }.isEmpty)
  }

  @Test func changesOfOneDecisionBuildOnEachOther() async throws {
    let store = Store()
    let seen = Mutex<ObjectNode?>(nil)
    let both = Doubler(looks: Looks()) { key, _ in
      guard var tree = seen.withLock({ $0 }) else { return nil }
      tree["metadata", "labels"] = ["done": "yes"]
      return tree["metadata", "resourceVersion"] == nil ? nil : .update(key, tree)
    }
    let created = try await store.create(Self.key("a"), thing(3))
    seen.withLock { $0 = created.tree }
    try await run(both, store) {
      await until { await result(store, "a") == 6 }
    }
    #expect(await store.get(Self.key("a"))?.label("done") == "yes")
  }

  @Test func aFailureIsSaidOnceAndTriedAgainLater() async throws {
    let store = Store()
    let clock = ManualClock()
    let sayings = Sayings()
    let looks = Looks()
    let failing = Doubler(looks: looks) { key, _ in
      // An object must be a mapping.
      .create(ObjectKey(Self.things, namespace: "default", name: "bad"), "text")
    }
    try await run(failing, store, clock: clock, sayings: sayings) {
      try await store.create(Self.key("a"), thing(1))
      for looked in 2..<6 {
        await until { looks[Self.key("a")] >= looked && !clock.sleeps.isEmpty }
        clock.advance(by: .seconds(1))
      }
    }
    let lines = sayings.lines.withLock { $0 }
    #expect(
      lines == [
        "doubler of things default/a: things \"bad\" is invalid: <nil>: Invalid value:"
          + " an object must be a mapping"
      ])
    #expect(await result(store, "a") == nil)
  }

  @Test func oneThatFallsBehindTakesAllObjectsAnew() async throws {
    var limits = StoreLimits()
    limits.keptChanges = 4
    limits.watchChanges = 1
    let store = Store(limits: limits)
    try await run(Doubler(looks: Looks()), store) {
      for number in 0..<100 { try await store.create(Self.key("t\(number)"), thing(number)) }
      for number in 0..<100 {
        await until { await result(store, "t\(number)") == number * 2 }
      }
    }
  }

  @Test func suffixesAreFiveLettersAndDigits() {
    let suffixes = (0..<100).map { _ in NameSuffix.random() }
    #expect(suffixes.allSatisfy { $0.count == 5 })
    #expect(suffixes.allSatisfy { $0.allSatisfy("bcdfghjklmnpqrstvwxz2456789".contains) })
    #expect(Set(suffixes).count > 90)
  }
}
