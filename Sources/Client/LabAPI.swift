import Kinds
import Objects

/// A lab's objects by way of its API's unix socket.
package struct LabAPI: ObjectAPI {
  private let client: APIClient

  /// The objects of the lab that listens at a path.
  ///
  /// - Parameter restartPatience: for how long a request waits for a server that is being started again.
  package init(socketPath: String, restartPatience: Duration = .zero) {
    var client = APIClient(socketPath: socketPath)
    client.restartPatience = restartPatience
    self.client = client
  }

  package func get(_ key: ObjectKey) async throws -> ObjectNode? {
    do {
      return try await client.get(key)
    } catch {
      if error.isNotFound { return nil }
      throw error.isAway ? ObjectAPIAway("\(error)") : error
    }
  }

  package func list(
    _ resource: GroupResource
  ) async throws -> [(key: ObjectKey, object: ObjectNode)] {
    try await client.list(resource).items.map { (Self.key(resource, $0), $0) }
  }

  package func create(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    try await write { () async throws(APIClientError) in try await client.create(tree) }
  }

  package func update(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    try await write { () async throws(APIClientError) in try await client.update(tree) }
  }

  package func updateStatus(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode {
    try await write { () async throws(APIClientError) in try await client.updateStatus(tree) }
  }

  package func delete(_ key: ObjectKey) async throws {
    do {
      try await client.delete(key)
    } catch  where error.isNotFound {
      return
    }
  }

  package func call(_ key: ObjectKey, _ subresource: String, _ body: ObjectNode) async throws {
    _ = try await client.call(key, subresource, version: "v1", body: body)
  }

  package func watch(_ resource: GroupResource) -> AsyncThrowingStream<ObjectChange, any Error> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: ObjectChange.self)
    let task = Task {
      do {
        for try await event in client.watch(ObjectScope(resource)) {
          continuation.yield(Self.change(event, of: resource))
        }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  private static func change(_ event: ObjectEvent, of resource: GroupResource) -> ObjectChange {
    switch event {
    case .synced(let objects): .all(objects.map { (key(resource, $0), $0) })
    case .added(let object), .modified(let object): .set(key(resource, object), object)
    case .deleted(let object): .gone(key(resource, object))
    }
  }

  private static func key(_ resource: GroupResource, _ object: ObjectNode) -> ObjectKey {
    ObjectKey(
      resource, namespace: object["metadata", "namespace"]?.string ?? "",
      name: object["metadata", "name"]?.string ?? "")
  }

  private func write(
    _ body: () async throws(APIClientError) -> APIClient.Written
  ) async throws -> ObjectNode {
    do {
      return try await body().object
    } catch {
      if error.isConflict || error.isAlreadyThere { throw ObjectConflict("\(error)") }
      throw error.isAway ? ObjectAPIAway("\(error)") : error
    }
  }
}

extension APIClientError {
  /// Whether the API did not answer at all.
  fileprivate var isAway: Bool {
    switch self {
    case .notReachable, .timedOut: true
    case .refused, .notUnderstood, .unknownKind, .cancelled: false
    }
  }
}
