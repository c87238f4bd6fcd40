import Glibc
import HTTPService
import Objects
import Reconciliation
import Store

/// A request for objects of a kind that is served.
struct ObjectRequest: Sendable {
  let store: Store
  let definition: ResourceDefinition
  let target: RequestTarget
  let query: RequestQuery
  let http: HTTPRequest

  var resource: APIResource { definition.resource }
  var key: ObjectKey { target.key }
  var statusWrites: StatusWrites { resource.hasStatus ? .apart : .together }

  /// Answers it.
  ///
  /// - Throws: ``StatusError``.
  func answer() async throws(StatusError) -> HTTPResponse {
    guard target.namespace.isEmpty || resource.isNamespaced else { throw .noSuchPath }
    if let review = definition.review {
      guard target.name.isEmpty, http.method == "POST" else { throw .methodNotAllowed }
      return HTTPResponse(try await review(target.namespace, try http.object(), query), status: 201)
    }
    if target.name.isEmpty { return try await answerCollection() }
    guard !resource.isNamespaced || !target.namespace.isEmpty else { throw .noSuchPath }
    switch target.subresource {
    case "": return try await answerObject()
    case "status":
      guard resource.hasStatus else { throw .notFound(key) }
      return try await answerStatus()
    default: throw .noSuchPath
    }
  }

  private func answerCollection() async throws(StatusError) -> HTTPResponse {
    switch http.method {
    case "GET", "HEAD":
      return try query.boolean("watch") == true ? try await watch() : try await list()
    case "POST":
      guard !resource.isNamespaced || !target.namespace.isEmpty else { throw .methodNotAllowed }
      return try await create()
    case "DELETE":
      guard !resource.isNamespaced || !target.namespace.isEmpty else { throw .methodNotAllowed }
      return try await deleteCollection()
    default: throw .methodNotAllowed
    }
  }

  private func answerObject() async throws(StatusError) -> HTTPResponse {
    switch http.method {
    case "GET", "HEAD":
      return try query.boolean("watch") == true ? try await watch() : try await get()
    case "PUT": return try await update(.object)
    case "PATCH": return try await patch(.object)
    case "DELETE": return try await delete()
    default: throw .methodNotAllowed
    }
  }

  private func answerStatus() async throws(StatusError) -> HTTPResponse {
    switch http.method {
    case "GET", "HEAD": return try await get()
    case "PUT": return try await update(.status)
    case "PATCH": return try await patch(.status)
    default: throw .methodNotAllowed
    }
  }

  private func get() async throws(StatusError) -> HTTPResponse {
    guard let object = await store.get(key) else { throw .notFound(key) }
    let tree = shown(object.tree)
    switch AcceptedForm(http) {
    case .table:
      let form = try TableForm(definition.columns, query)
      return HTTPResponse(
        form.table(
          [tree], at: now, revision: tree["metadata", "resourceVersion"]?.string ?? ""))
    case .metadata: return HTTPResponse(tree.metadataAlone)
    case .objects, .aggregatedDiscovery: return HTTPResponse(tree)
    }
  }

  /// The moment of the request.
  var now: Timestamp { Timestamp(seconds: time(nil)) }

  private func list() async throws(StatusError) -> HTTPResponse {
    let selection = try ObjectSelection(definition, target, query)
    let list = await store.list(selection.resource, namespace: selection.namespace) {
      selection.matches($0)
    }
    let items = list.items.map(\.object.tree)
    switch AcceptedForm(http) {
    case .table:
      let form = try TableForm(definition.columns, query)
      return HTTPResponse(
        form.table(items.map(shown), at: now, revision: String(list.resourceVersion)))
    case .metadata:
      return HTTPResponse([
        "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
        "metadata": ["resourceVersion": .text(String(list.resourceVersion))],
        "items": .sequence(items.map(\.metadataAlone)),
      ])
    case .objects, .aggregatedDiscovery: return response(items, at: list.resourceVersion)
    }
  }

  /// A list of objects.
  func response(_ items: [ObjectNode], at revision: Int) -> HTTPResponse {
    let head: ObjectNode = [
      "kind": .text("\(resource.kind)List"),
      "apiVersion": .text(resource.apiVersion(target.version)),
      "metadata": ["resourceVersion": .text(String(revision))],
    ]
    var json = head.canonicalJSON
    json.removeLast()
    json += Array(",\"items\":[".utf8)
    for (index, item) in items.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      shown(item).writeCanonicalJSON(to: &json)
    }
    json += Array("]}\n".utf8)
    return HTTPResponse(json: json)
  }

  /// An object as it is shown in the version of the request.
  func shown(_ tree: ObjectNode) -> ObjectNode {
    let version = resource.apiVersion(target.version)
    guard tree["apiVersion"]?.string != version else { return tree }
    if let conversion = definition.conversion { return conversion(tree, version) }
    var shown = tree
    shown["apiVersion"] = .text(version)
    return shown
  }
}
