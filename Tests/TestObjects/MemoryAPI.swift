import Kinds
import Objects
import Synchronization

/// A lab's API in memory: objects with versions, and watches of them. As a lab's own it keeps what an
/// instance's status is in the object, and refuses writes of old versions.
package final class MemoryAPI: ObjectAPI {
  private struct State {
    var objects: [ObjectKey: ObjectNode] = [:]
    var version = 0
    var watches: [(GroupResource, AsyncThrowingStream<ObjectChange, any Error>.Continuation)] = []
    var requests: [Request] = []
    var answer: (@Sendable (Request, MemoryAPI) -> Void)?

    @discardableResult
    mutating func put(_ key: ObjectKey, _ tree: ObjectNode) -> ObjectNode {
      var tree = tree
      version += 1
      tree["metadata", "resourceVersion"] = .text("\(version)")
      if tree["metadata", "uid"] == nil { tree["metadata", "uid"] = .text("uid-\(version)") }
      objects[key] = tree
      for (resource, watch) in watches where resource == key.resource {
        watch.yield(.set(key, tree))
      }
      return tree
    }
  }

  /// Something that was asked of it.
  package enum Request: Sendable, Equatable {
    /// An object was made.
    case create(ObjectKey, ObjectNode)
    /// An object was removed.
    case delete(ObjectKey)
    /// A subresource was asked.
    case call(ObjectKey, String, ObjectNode)
  }

  private let state = Mutex(State())

  /// An API of nothing.
  package init() {}

  /// What was asked of it, oldest first.
  package var requests: [Request] { state.withLock(\.requests) }

  /// Has something done after each request, as controllers and nodes do.
  package func answer(_ body: @escaping @Sendable (Request, MemoryAPI) -> Void) {
    state.withLock { $0.answer = body }
  }

  private func note(_ request: Request) {
    let answer = state.withLock { state in
      state.requests.append(request)
      return state.answer
    }
    answer?(request, self)
  }

  package subscript(key: ObjectKey) -> ObjectNode? {
    get { state.withLock { $0.objects[key] } }
    set {
      if let newValue {
        put(key, newValue)
      } else {
        remove(key)
      }
    }
  }

  /// The first object of a kind that holds, waited for.
  package func first(
    of resource: GroupResource, where holds: (ObjectNode) -> Bool = { _ in true }
  ) async throws -> ObjectNode {
    for try await change in watch(resource) {
      switch change {
      case .all(let objects):
        if let found = objects.map(\.object).first(where: holds) { return found }
      case .set(_, let object): if holds(object) { return object }
      case .gone: continue
      }
    }
    throw CancellationError()
  }

  /// Returns when an object is gone.
  package func gone(_ key: ObjectKey) async throws {
    for try await change in watch(key.resource) {
      switch change {
      case .all(let objects): if !objects.contains(where: { $0.key == key }) { return }
      case .gone(key): return
      case .gone, .set: continue
      }
    }
    throw CancellationError()
  }

  private func put(_ key: ObjectKey, _ tree: ObjectNode) {
    state.withLock { _ = $0.put(key, tree) }
  }

  private func remove(_ key: ObjectKey) {
    state.withLock { state in
      guard state.objects.removeValue(forKey: key) != nil else { return }
      for (resource, watch) in state.watches where resource == key.resource {
        watch.yield(.gone(key))
      }
    }
  }

  private func replace(_ key: ObjectKey, _ tree: ObjectNode) throws -> ObjectNode {
    try state.withLock { state in
      let version = state.objects[key]?["metadata", "resourceVersion"]?.string
      guard let version else { throw ObjectConflict("\(key) is gone") }
      guard tree["metadata", "resourceVersion"]?.string == version else {
        throw ObjectConflict("\(key) has changed")
      }
      return state.put(key, tree)
    }
  }

  package func get(_ key: ObjectKey) async throws -> ObjectNode? { self[key] }

  package func list(
    _ resource: GroupResource
  ) async throws -> [(key: ObjectKey, object: ObjectNode)] {
    state.withLock { state in
      state.objects.filter { $0.key.resource == resource }.sorted { $0.key < $1.key }
        .map { ($0.key, $0.value) }
    }
  }

  package func create(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    let made = try state.withLock { state in
      guard state.objects[key] == nil else { throw ObjectConflict("\(key) is there") }
      return state.put(key, tree)
    }
    note(.create(key, made))
    return made
  }

  package func update(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    try replace(key, tree)
  }

  package func updateStatus(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    try replace(key, tree)
  }

  package func delete(_ key: ObjectKey) async throws {
    remove(key)
    note(.delete(key))
  }

  package func call(_ key: ObjectKey, _ subresource: String, _ body: ObjectNode) async throws {
    note(.call(key, subresource, body))
  }

  package func watch(_ resource: GroupResource) -> AsyncThrowingStream<ObjectChange, any Error> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: ObjectChange.self)
    state.withLock { state in
      let objects = state.objects.filter { $0.key.resource == resource }
        .map { (key: $0.key, object: $0.value) }
      continuation.yield(.all(objects))
      state.watches.append((resource, continuation))
    }
    return stream
  }
}
