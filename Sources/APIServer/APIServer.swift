import HTTPService
import KubeVirt
import Objects
import Store
import Synchronization

/// The Kubernetes API over a store: paths, verbs, bodies and refusals as a cluster's.
///
/// It knows no kind: what it serves is a table, which may grow while it runs.
package final class APIServer: Sendable {
  /// Answers a request to a subresource. What it throws is answered as a Status.
  package typealias SubresourceHandler =
    @Sendable (SubresourceRequest) async throws -> HTTPResponse

  /// A request to a subresource.
  package struct SubresourceRequest: Sendable {
    /// The object; its group is the path's, which may be another than the object's own
    /// (subresources.kubevirt.io).
    package var key: ObjectKey
    /// The query.
    package var query: RequestQuery
    /// The whole request.
    package var http: HTTPRequest

    /// The body as JSON; an empty one is an empty mapping.
    ///
    /// - Throws: ``StatusError``.
    package func body() throws(StatusError) -> ObjectNode {
      // Some clients name no type, and send no object.
      http.body.isEmpty ? [:] : try http.object()
    }
  }

  private struct Subresource: Hashable {
    var resource: GroupResource
    var name: String
    var method: String
  }

  /// The kinds that are served.
  package let definitions: ResourceDefinitions
  private let store: Store
  private let subresources = Mutex<[Subresource: SubresourceHandler]>([:])
  private let subresourceKinds = Mutex<[Subresource: GroupVersionKind]>([:])

  /// An API over a store.
  package init(store: Store, definitions: ResourceDefinitions) {
    self.store = store
    self.definitions = definitions
  }

  /// An API over a store with the kinds of ``APIResources/builtIn``.
  ///
  /// - Parameter settings: the cluster's settings where no object says them.
  package convenience init(store: Store, assuming settings: ClusterSettings = ClusterSettings()) {
    self.init(
      store: store,
      definitions: ResourceDefinitions(
        ResourceDefinition.builtIn { await store.clusterSettings(assuming: settings) }))
  }

  /// The namespaces that every lab has.
  package static let namespaces = [
    "default", "kube-node-lease", "kube-public", "kube-system", "pxelab",
  ]

  /// Makes the namespaces that every lab has, where they are not there yet.
  ///
  /// - Throws: ``StoreError``.
  package func makeNamespaces() async throws(StoreError) {
    for name in Self.namespaces {
      let key = ObjectKey(GroupResource("namespaces"), namespace: "", name: name)
      do throws(StoreError) {
        try await store.create(
          key,
          [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["labels": ["kubernetes.io/metadata.name": .text(name)]],
            "status": ["phase": "Active"],
          ], status: .together)
      } catch .alreadyExists {
        continue
      }
    }
  }

  /// What discovery tells.
  var served: ServedResources {
    var registered: [GroupResource: [String: ServedResources.Registered]] = [:]
    let kinds = subresourceKinds.withLock { $0 }
    for subresource in subresources.withLock({ Array($0.keys) }) {
      var known =
        registered[subresource.resource]?[subresource.name] ?? ServedResources.Registered()
      known.methods.insert(subresource.method)
      known.kind = known.kind ?? kinds[subresource]
      registered[subresource.resource, default: [:]][subresource.name] = known
    }
    return ServedResources(definitions.all, subresources: registered)
  }

  /// Has a subresource of a kind answered.
  ///
  /// - Parameters:
  ///   - resource: the plural name, with the group of the path.
  ///   - subresource: what follows the object's name: `vnc/screenshot`.
  ///   - method: the HTTP method.
  ///   - kind: the kind of what is sent there, where it is not the resource's; clients such as kubectl
  ///     drain ask discovery for it.
  package func register(
    _ resource: GroupResource, _ subresource: String, _ method: String,
    kind: GroupVersionKind? = nil, handler: @escaping SubresourceHandler
  ) {
    let key = Subresource(resource: resource, name: subresource, method: method)
    if let kind { subresourceKinds.withLock { $0[key] = kind } }
    subresources.withLock { $0[key] = handler }
  }

  /// Answers a request; a refusal is an object Status.
  package func answer(_ request: HTTPRequest) async -> HTTPResponse {
    do {
      return try await route(request)
    } catch let error as StatusError {
      return HTTPResponse(error)
    } catch let error as StoreError {
      return HTTPResponse(StatusError(error))
    } catch {
      return HTTPResponse(StatusError(500, "InternalError", "Internal error occurred: \(error)"))
    }
  }

  private func route(_ request: HTTPRequest) async throws -> HTTPResponse {
    let url = try RequestURL(request.target)
    if ["GET", "HEAD"].contains(request.method), let document = document(url.segments, request) {
      return document
    }
    guard let target = RequestTarget(url.segments) else { throw StatusError.noSuchPath }
    if !target.subresource.isEmpty, let handler = try handler(for: target, request.method) {
      return try await handler(
        SubresourceRequest(key: target.key, query: url.query, http: request))
    }
    guard
      let definition = definitions.definition(target.resource, version: target.version)
    else { throw StatusError.noSuchPath }
    let objects = ObjectRequest(
      store: store, definition: definition, target: target, query: url.query, http: request)
    return try await objects.answer()
  }

  /// The handler of a subresource; `nil` where none is registered for any method.
  private func handler(
    for target: RequestTarget, _ method: String
  ) throws(StatusError) -> SubresourceHandler? {
    let (handler, isKnown) = subresources.withLock { all in
      (
        all[Subresource(resource: target.resource, name: target.subresource, method: method)],
        all.keys.contains { $0.resource == target.resource && $0.name == target.subresource }
      )
    }
    guard handler != nil || !isKnown else { throw .methodNotAllowed }
    return handler
  }
}
