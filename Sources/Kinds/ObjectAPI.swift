import Objects

/// A lab's objects, as its API gives and takes them.
package protocol ObjectAPI: Sendable {
  /// An object as it is; `nil` when there is none.
  func get(_ key: ObjectKey) async throws -> ObjectNode?
  /// The objects of a kind, of all namespaces.
  func list(_ resource: GroupResource) async throws -> [(key: ObjectKey, object: ObjectNode)]
  /// Makes an object; one of the name that is there already is an error.
  func create(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode
  /// Replaces an object of the version that the tree names.
  func update(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode
  /// Replaces the status of an object of the version that the tree names.
  func updateStatus(_ key: ObjectKey, _ tree: ObjectNode) async throws -> ObjectNode
  /// Removes an object, or has it removed.
  func delete(_ key: ObjectKey) async throws
  /// Asks a subresource of an object for something.
  func call(_ key: ObjectKey, _ subresource: String, _ body: ObjectNode) async throws
  /// The objects of a kind: a whole list first, and again after a gap, then each change.
  func watch(_ resource: GroupResource) -> AsyncThrowingStream<ObjectChange, any Error>
}

/// What a watch tells.
package enum ObjectChange: Sendable {
  /// All objects of the kind; what is not among them is gone.
  case all([(key: ObjectKey, object: ObjectNode)])
  /// An object is there or has changed.
  case set(ObjectKey, ObjectNode)
  /// An object is gone.
  case gone(ObjectKey)
}

/// A write came too late: the object has changed since it was read, or is there already.
package struct ObjectConflict: Error, Sendable, CustomStringConvertible {
  /// Which object.
  package let description: String

  /// A conflict.
  package init(_ description: String) { self.description = description }
}

/// The API did not answer: it may be starting anew.
package struct ObjectAPIAway: Error, Sendable, CustomStringConvertible {
  /// Why.
  package let description: String

  /// The API is away.
  package init(_ description: String) { self.description = description }
}

extension ObjectAPI {
  /// The objects of several kinds, each as `watch` of one kind tells of it; ends with the first of
  /// these that ends.
  package func watch(
    _ resources: [GroupResource]
  ) -> AsyncThrowingStream<(GroupResource, ObjectChange), any Error> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: (GroupResource, ObjectChange).self)
    let task = Task {
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for resource in resources {
            group.addTask {
              for try await change in watch(resource) { continuation.yield((resource, change)) }
            }
          }
          defer { group.cancelAll() }
          try await group.next()
        }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// Changes an object, again on its newest version where somebody else was faster.
  ///
  /// - Parameters:
  ///   - isStatus: whether its status alone is changed.
  ///   - edit: the change; returns whether there is one. Called once for each version.
  /// - Returns: the object then; `nil` when there is none.
  /// - Throws: the API's errors; ``ObjectConflict`` when others are faster again and again.
  @discardableResult
  package func change(
    _ key: ObjectKey, status isStatus: Bool, _ edit: @Sendable (inout ObjectNode) -> Bool
  ) async throws -> ObjectNode? {
    var attempts = 0
    while true {
      guard var tree = try await get(key) else { return nil }
      guard edit(&tree) else { return tree }
      do {
        return try await isStatus ? updateStatus(key, tree) : update(key, tree)
      } catch let conflict as ObjectConflict {
        attempts += 1
        guard attempts < 20 else { throw conflict }
        try Task.checkCancellation()
      }
    }
  }
}
