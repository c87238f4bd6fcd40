import FoundationEssentials
import Kinds
import Objects
import Store

/// Has nodes do things once, by objects Operation.
struct NodeRequests: Sendable {
  let store: Store
  /// How long a node may take.
  var patience = Duration.seconds(30)

  /// Has the node of a start do something with its machine, and returns when it is done.
  ///
  /// - Returns: what came of it, in a form of the action's own.
  /// - Throws: `StatusError` with the node's reason, or when it does not answer in time; `StoreError`,
  ///   `CancellationError`.
  func perform(_ action: NodeAction, on boot: Boot) async throws -> ObjectNode {
    let node = boot.spec.node ?? ""
    let operation = NodeOperation(
      name: "\(action.rawValue.lowercased())-\(UUID().uuidString.lowercased())",
      spec: NodeOperation.Spec(node: node, machine: boot.spec.title, action: action.rawValue))
    let key = operation.key
    let made = try await store.create(key, try operation.tree(), status: .together)
    let status: ObjectNode?
    do {
      status = try await answer(to: key, uid: made.uid)
    } catch {
      await forget(key)
      throw error
    }
    await forget(key)
    guard let status else {
      throw StatusError(
        500, "InternalError",
        "Internal error occurred: \(node) has not answered within \(patience)")
    }
    guard status["outcome"]?.string == NodeOperation.Outcome.done.rawValue else {
      throw StatusError(
        500, "InternalError",
        "Internal error occurred: \(status["message"]?.string ?? "\(node) refused")")
    }
    return status["result"] ?? .null
  }

  /// The status of an operation once it has one; `nil` when that takes too long.
  private func answer(to key: ObjectKey, uid: String) async throws -> ObjectNode? {
    try await withThrowingTaskGroup(of: ObjectNode?.self) { group in
      group.addTask { [store] in
        let watch = try await store.watch(
          WatchScope(key.resource, namespace: key.namespace), from: .existing
        ) { $0.uid == uid && $0.tree["status"] != nil }
        for try await event in watch {
          if case .added(_, let object) = event { return object.tree["status"] }
        }
        throw CancellationError()
      }
      group.addTask { [patience] in
        try await Task.sleep(for: patience)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }

  /// One that somebody else has removed is forgotten already.
  private func forget(_ key: ObjectKey) async {
    _ = try? await store.delete(key)
  }
}
