import Kinds
import Logging
import Objects
import Synchronization

/// The objects that a node looks at, as the API last told of them.
package final class ObjectCache: Sendable {
  private struct State {
    var objects: [ObjectKey: ObjectNode] = [:]
    /// The kinds of which a whole list has come.
    var known: Set<GroupResource> = []
  }

  private let log: Logger
  private let api: any ObjectAPI
  private let resources: [GroupResource]
  private let state = Mutex(State())
  private let continuation: AsyncStream<Void>.Continuation
  /// One element after each change, several changes being one if nobody looks meanwhile; the first when
  /// all kinds are known.
  package let changes: AsyncStream<Void>

  /// A cache of some kinds that knows nothing yet.
  package init(_ api: any ObjectAPI, _ resources: [GroupResource], log: Logger) {
    self.log = log
    self.api = api
    self.resources = resources
    (changes, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// All objects.
  package var objects: [ObjectKey: ObjectNode] { state.withLock(\.objects) }

  /// An object; `nil` when there is none.
  package subscript(key: ObjectKey) -> ObjectNode? { state.withLock { $0.objects[key] } }

  /// The objects of a kind, in the order of their keys.
  package func objects(of resource: GroupResource) -> [(key: ObjectKey, object: ObjectNode)] {
    state.withLock { state in
      state.objects.filter { $0.key.resource == resource }.sorted { $0.key < $1.key }
        .map { ($0.key, $0.value) }
    }
  }

  /// Whether a list of each kind has come.
  package var isComplete: Bool { state.withLock { $0.known.count == resources.count } }

  /// Follows the API until cancelled. One that cannot be reached is asked again and again: what runs goes
  /// on without it.
  package func run() async {
    defer { continuation.finish() }
    await withTaskGroup(of: Void.self) { group in
      for resource in resources { group.addTask { [self] in await follow(resource) } }
    }
  }

  private func follow(_ resource: GroupResource) async {
    while !Task.isCancelled {
      do {
        for try await change in api.watch(resource) { take(change, of: resource) }
      } catch is CancellationError {
        return
      } catch {
        log.warning("not followed", metadata: ["kind": "\(resource)", "error": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func take(_ change: ObjectChange, of resource: GroupResource) {
    let isComplete = state.withLock { state in
      switch change {
      case .all(let objects):
        state.objects = state.objects.filter { $0.key.resource != resource }
        for (key, object) in objects { state.objects[key] = object }
        state.known.insert(resource)
      case .set(let key, let object): state.objects[key] = object
      case .gone(let key): state.objects[key] = nil
      }
      return state.known.count == resources.count
    }
    if isComplete { continuation.yield() }
  }
}
