import APIServer
import Controllers
import HTTPService
import Objects
import Planning
import Reconciliation
import Store

/// What is done with pods by their subresources: a scheduler of somebody's own binds them, a drain has
/// them go, and their logs are read (kubernetes, pkg/registry/core/pod/storage).
package struct PodSubresources: Sendable {
  private static let pods = GroupResource("pods")

  private let store: Store
  private let writer: ChangeWriter
  private let logs: PodLogs
  private let clock = SystemClock()

  /// What answers them over a store.
  ///
  /// - Parameter paths: where the lab's files are.
  package init(store: Store, paths: LabPaths) {
    self.store = store
    writer = ChangeWriter(store: store)
    logs = PodLogs(store: store, paths: paths)
  }

  /// Has them answered.
  package func register(on api: APIServer) {
    api.register(
      Self.pods, "binding", "POST", kind: GroupVersionKind("Binding", group: "", version: "v1")
    ) { asked in
      try await bind(
        try asked.body(), namespace: asked.key.namespace, name: asked.key.name,
        isDryRun: try asked.query.isDryRun)
      return HTTPResponse(Self.success, status: 201)
    }
    api.register(
      Self.pods, "eviction", "POST",
      kind: GroupVersionKind("Eviction", group: "policy", version: "v1")
    ) { try await evict($0) }
    api.register(Self.pods, "log", "GET") { try await logs.answer($0) }
    api.definitions.add(
      ResourceDefinition(
        APIResource(GroupResource("bindings"), kind: "Binding"),
        review: { namespace, binding, query throws(StatusError) in
          try await bind(binding, namespace: namespace, name: nil, isDryRun: try query.isDryRun)
          return Self.success
        }))
  }

  private static let success: ObjectNode = [
    "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
  ]

  private func bind(
    _ tree: ObjectNode, namespace: String, name: String?, isDryRun: Bool
  ) async throws(StatusError) {
    do {
      let binding = try PodBinding(tree, namespace: namespace, name: name)
      let changes = try binding.changes(in: await store.snapshot, at: clock.now)
      if !isDryRun { try await writer.write(changes, at: clock.now) }
    } catch let refusal as PodBinding.Refusal {
      throw StatusError(refusal.code, refusal.reason, refusal.message)
    } catch let error as StoreError {
      throw StatusError(error)
    } catch {
      throw StatusError(500, "InternalError", "\(error)")
    }
  }

  private func evict(_ asked: APIServer.SubresourceRequest) async throws -> HTTPResponse {
    let options = try DeleteOptions(try asked.body()["deleteOptions"] ?? [:], asked.query)
    let request = WriteRequest.delete(
      ObjectKey(Self.pods, namespace: asked.key.namespace, name: asked.key.name),
      options.propagation, options.preconditions)
    _ = try await options.isDryRun ? store.rehearse(request) : store.write(request)
    return HTTPResponse(Self.success, status: 201)
  }
}
