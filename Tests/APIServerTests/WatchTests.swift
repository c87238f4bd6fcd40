import HTTPService
import Objects
import Store
import Testing

@testable import Client

/// Watches, as bytes and as a client's events.
@Suite struct WatchTests {
  private static let maps = "/api/v1/namespaces/default/configmaps"

  /// The lines of a watch, each as `TYPE name`.
  private struct Lines {
    var exchange: HTTPExchange
    var rest: [UInt8] = []

    init(_ api: TestAPI, _ query: String) async throws {
      exchange = try await HTTPExchange(
        socket: api.path, method: "GET", target: "\(WatchTests.maps)?watch=True&\(query)")
      #expect(exchange.status == 200)
    }

    mutating func tree() async throws -> ObjectNode? {
      try await exchange.line(&rest).map { try ObjectNode(json: $0) }
    }

    mutating func next() async throws -> String? {
      try await tree().map { "\($0["type"]?.string ?? "") \($0["object"]?.name ?? "")" }
    }
  }

  @Test func watchSaysWhatIsThereAndWhatComes() async throws {
    let api = try await TestAPI()
    try await api.client.create(configMap("a"))
    var lines = try await Lines(api, "resourceVersion=0")
    #expect(try await lines.next() == "ADDED a")
    try await api.client.create(configMap("b"))
    try await api.client.update(configMap("a", "2"))
    try await api.client.delete(configMapKey("a"))
    #expect(try await lines.next() == "ADDED b")
    #expect(try await lines.next() == "MODIFIED a")
    #expect(try await lines.next() == "DELETED a")
    await api.stop()
  }

  @Test func watchAfterAVersionMissesNothing() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create(configMap("a")).object
    try await api.client.update(configMap("a", "2"))
    var lines = try await Lines(api, "resourceVersion=\(made.version)")
    #expect(try await lines.next() == "MODIFIED a")
    await api.stop()
  }

  @Test func selectorsLookAtBothStates() async throws {
    let api = try await TestAPI()
    try await api.client.create(configMap("a", labels: ["on": "no"]))
    var lines = try await Lines(api, "labelSelector=on%3Dyes")
    try await api.client.update(configMap("a", labels: ["on": "yes"]))
    try await api.client.update(configMap("a", "2", labels: ["on": "yes"]))
    try await api.client.update(configMap("a", labels: ["on": "no"]))
    #expect(try await lines.next() == "ADDED a")
    #expect(try await lines.next() == "MODIFIED a")
    #expect(try await lines.next() == "DELETED a")
    await api.stop()
  }

  @Test func watchEndsAtItsTime() async throws {
    let api = try await TestAPI()
    try await api.client.create(configMap("a"))
    var lines = try await Lines(api, "timeoutSeconds=0")
    while let line = try await lines.next() { #expect(line == "ADDED a") }
    await api.stop()
  }

  @Test func initialEventsEndWithABookmark() async throws {
    let api = try await TestAPI()
    try await api.client.create(configMap("a"))
    var lines = try await Lines(
      api, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
    #expect(try await lines.next() == "ADDED a")
    let bookmark = try await lines.tree()
    #expect(bookmark?["type"]?.string == "BOOKMARK")
    #expect(
      bookmark?["object", "metadata", "annotations", "k8s.io/initial-events-end"]?.string == "true")
    #expect(bookmark?["object", "kind"]?.string == "ConfigMap")
    await api.stop()
  }

  @Test func forgottenVersionIsExpired() async throws {
    var limits = StoreLimits()
    limits.keptChanges = 2
    let api = try await TestAPI(limits: limits)
    for number in 0..<5 { try await api.client.create(configMap("a\(number)")) }
    var lines = try await Lines(api, "resourceVersion=1")
    let error = try await lines.tree()
    #expect(error?["type"]?.string == "ERROR")
    #expect(error?["object", "code"]?.integer == 410)
    #expect(error?["object", "reason"]?.string == "Expired")
    #expect(try await lines.next() == nil)
    await api.stop()
  }

  @Test func watcherThatVanishesLeavesNothing() async throws {
    let api = try await TestAPI()
    for _ in 0..<50 {
      var lines: Lines? = try await Lines(api, "timeoutSeconds=3600")
      #expect(lines?.exchange.status == 200)
      lines = nil
    }
    await until { api.server.connections == 0 }
    await api.stop()
  }

  @Test func clientIsSyncedAndHearsEachChangeOnce() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create(configMap("a")).object
    var events = api.client.watch(ObjectScope(.configMaps)).makeAsyncIterator()
    #expect(try await events.next() == .synced([made]))
    let changed = try await api.client.update(configMap("a", "2")).object
    #expect(try await events.next() == .modified(changed))
    let other = try await api.client.create(configMap("b")).object
    #expect(try await events.next() == .added(other))
    try await api.client.delete(configMapKey("a"))
    let deleted = try await events.next()
    guard case .deleted(let gone) = deleted else {
      Issue.record("\(String(describing: deleted))")
      return
    }
    #expect(gone.name == "a")
    await api.stop()
  }

  @Test func clientGoesOnWhenTheServerStartsAnew() async throws {
    let api = try await TestAPI()
    let scope = ObjectScope(.configMaps)
    var events = api.client.watch(scope, patience: .seconds(3600)).makeAsyncIterator()
    #expect(try await events.next() == .synced([]))
    let first = try await api.client.create(configMap("a")).object
    #expect(try await events.next() == .added(first))
    await api.server.stop(grace: .zero)
    let key = configMapKey("b")
    var second = try await api.store.create(key, configMap("b")).tree
    second["metadata", "generation"] = nil
    let again = try await TestAPI.serve(api.api, api.path)
    #expect(try await events.next() == .added(second))
    await again.stop(grace: .zero)
  }

  @Test func clientIsSyncedAnewWhenTheStoreIsAnother() async throws {
    let api = try await TestAPI()
    let other = try await TestAPI()
    for number in 0..<5 { try await api.client.create(configMap("a\(number)")) }
    let scope = ObjectScope(.configMaps)
    var events = api.client.watch(scope, patience: .seconds(3600)).makeAsyncIterator()
    guard case .synced(let items)? = try await events.next() else {
      Issue.record("no list")
      return
    }
    #expect(items.count == 5)
    await api.server.stop(grace: .zero)
    // A lab that has begun anew has not come so far yet.
    let again = try await TestAPI.serve(other.api, api.path)
    #expect(try await events.next() == .synced([]))
    await again.stop(grace: .zero)
    await other.stop()
  }

  @Test func clientGivesUpAfterItsPatience() async throws {
    let client = APIClient(socketPath: "/nonexistent/socket")
    var events = client.watch(ObjectScope(.configMaps), patience: .milliseconds(50))
      .makeAsyncIterator()
    await #expect(throws: APIClientError.self) { _ = try await events.next() }
  }

  @Test func cancelledWatchEnds() async throws {
    let api = try await TestAPI()
    let (started, signal) = AsyncStream<Void>.makeStream()
    let task = Task {
      var count = 0
      for try await _ in api.client.watch(ObjectScope(.configMaps)) {
        count += 1
        signal.yield()
      }
      return count
    }
    for await _ in started { break }
    task.cancel()
    #expect(try await task.value == 1)
    await until { api.server.connections == 0 }
    await api.stop()
  }
}
