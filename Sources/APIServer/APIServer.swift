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
    /// What follows the subresource's name, of one that takes it: `["22", "tcp"]`.
    package var path: [String] = []
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

  /// The kinds that are served.
  package let definitions: ResourceDefinitions
  private let store: Store
  private let customResources: CustomResourceDefinitions
  private let subresources = Mutex(SubresourceTable())
  private let documents = Mutex<[[String]: ObjectNode]>([:])

  /// An API over a store.
  package init(store: Store, definitions: ResourceDefinitions) {
    self.store = store
    self.definitions = definitions
    customResources = CustomResourceDefinitions(store: store, definitions: definitions)
    definitions.add(
      .customResourceDefinitions { [weak definitions] in definitions?.isBuiltIn($0) ?? false })
  }

  /// An API over a store with the kinds of ``APIResources/builtIn``.
  ///
  /// - Parameter settings: the cluster's settings where no object says them.
  package convenience init(store: Store, assuming settings: ClusterSettings = ClusterSettings()) {
    self.init(
      store: store,
      definitions: ResourceDefinitions(
        ResourceDefinition.builtIn(
          workers: { await store.workers },
          settings: { await store.clusterSettings(assuming: settings) },
          instancetypes: { await store.instancetypes },
          pods: { await store.podSurroundings(in: $0) })))
  }

  /// The namespaces that every lab has.
  package static let namespaces = [
    "default", "kube-node-lease", "kube-public", "kube-system", "pxelab",
  ]

  /// Makes the namespaces that every lab has, where they are not there yet, and serves the kinds that
  /// definitions in the store make.
  ///
  /// - Returns: why some of those are not served, a sentence each.
  /// - Throws: ``StoreError``.
  @discardableResult
  package func prepare() async throws(StoreError) -> [String] {
    try await makeNamespaces()
    return await customResources.refresh()
  }

  /// Follows what others than clients do to definitions and to objects of kinds that go. Returns when the
  /// task is cancelled or the store closed.
  package func followDefinitions() async { await customResources.follow() }

  private func makeNamespaces() async throws(StoreError) {
    for name in Self.namespaces {
      let key = ObjectKey(GroupResource("namespaces"), namespace: "", name: name)
      do throws(StoreError) {
        try await store.create(
          key,
          [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["labels": ["kubernetes.io/metadata.name": .text(name)]],
            "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
          ], status: .together)
      } catch .alreadyExists {
        continue
      }
    }
  }

  /// What discovery tells.
  var served: ServedResources {
    ServedResources(definitions.all, subresources: subresources.withLock { $0.served })
  }

  /// Has a subresource of a kind answered.
  ///
  /// - Parameters:
  ///   - resource: the plural name, with the group of the path.
  ///   - subresource: what follows the object's name: `vnc/screenshot`.
  ///   - method: the HTTP method.
  ///   - versions: those of the group in which it is there.
  ///   - kind: the kind of what is sent there, where it is not the resource's; clients such as kubectl
  ///     drain ask discovery for it.
  ///   - takesPath: whether more may follow the name.
  package func register(
    _ resource: GroupResource, _ subresource: String, _ method: String,
    versions: [String] = ["v1"], kind: GroupVersionKind? = nil, takesPath: Bool = false,
    handler: @escaping SubresourceHandler
  ) {
    subresources.withLock {
      $0[resource, subresource, method] = SubresourceTable.Entry(
        versions: versions, kind: kind, takesPath: takesPath, handler: handler)
    }
  }

  /// Has a document served that is no object, at a path of its own: `["apis", "GROUP", "v1", "version"]`.
  package func serve(_ document: ObjectNode, at path: [String]) {
    documents.withLock { $0[path] = document }
  }

  func ownDocument(_ path: [String]) -> ObjectNode? { documents.withLock { $0[path] } }

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
    if !target.subresource.isEmpty,
      let found = try subresources.withLock({ try $0.entry(for: target, request.method) })
    {
      return try await found.entry.handler(
        SubresourceRequest(key: target.key, path: found.path, query: url.query, http: request))
    }
    guard
      let definition = definitions.definition(target.resource, version: target.version)
    else { throw StatusError.noSuchPath }
    let objects = ObjectRequest(
      store: store, definitions: definitions, definition: definition, target: target,
      query: url.query, http: request)
    var answer = try await objects.answer()
    // Whoever has made a definition may use it with the next request.
    if !["GET", "HEAD"].contains(request.method),
      target.resource == CustomResourceDefinitions.id || definition.isTerminating
    {
      let failures = await customResources.refresh()
      for warning in WarningField.values(failures) { answer.fields.append("Warning", warning) }
    }
    return answer
  }
}
