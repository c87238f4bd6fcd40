import Glibc
import HTTPService
import Objects
import Reconciliation
import Store

/// A request for objects of a kind that is served.
struct ObjectRequest: Sendable {
  let store: Store
  let definitions: ResourceDefinitions
  let definition: ResourceDefinition
  let target: RequestTarget
  let query: RequestQuery
  let http: HTTPRequest

  var resource: APIResource { definition.resource }
  var key: ObjectKey {
    ObjectKey(definition.stored, namespace: target.namespace, name: target.name)
  }
  var statusWrites: StatusWrites { resource.hasStatus ? .apart : .together }

  /// Answers it.
  ///
  /// - Throws: ``StatusError``.
  func answer() async throws(StatusError) -> HTTPResponse {
    guard target.namespace.isEmpty || resource.isNamespaced else { throw .noSuchPath }
    if let review = definition.review {
      guard target.name.isEmpty, http.method == "POST" else { throw .methodNotAllowed }
      var asked = try http.object()
      if asked["metadata", "creationTimestamp"]?.isNull == true {
        asked["metadata", "creationTimestamp"] = nil
      }
      var answer = try await review(target.namespace, asked, query)
      if answer["spec"] != nil {
        answer["metadata", "managedFields"] = managedFields(
          of: AdmittedObject(asked), over: nil, .object)
      }
      return HTTPResponse(answer, status: 201)
    }
    if target.name.isEmpty { return try await answerCollection() }
    guard !resource.isNamespaced || !target.namespace.isEmpty else { throw .noSuchPath }
    switch target.subresource {
    case "": return try await answerObject()
    case "status":
      guard resource.hasStatus else { throw .notFound(target.key) }
      return try await answerStatus()
    case "scale":
      guard let paths = definition.scale else { throw .notFound(target.key) }
      return try await answerScale(paths)
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
      guard definition.verbs.contains("deletecollection"),
        !resource.isNamespaced || !target.namespace.isEmpty
      else { throw .methodNotAllowed }
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
      let form = try TableForm(definition.columns(target.version), query)
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
    let page = try ListPage(of: list, query)
    let metadata = page.metadata(
      countsRest: query["labelSelector"] == nil && query["fieldSelector"] == nil)
    let items = page.items.map(\.object.tree)
    switch AcceptedForm(http) {
    case .table:
      let form = try TableForm(definition.columns(target.version), query)
      var table = form.table(items.map(shown), at: now, revision: String(page.revision))
      table["metadata"] = metadata
      return HTTPResponse(table)
    case .metadata:
      return HTTPResponse([
        "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata, "items": .sequence(items.map { shown($0).metadataAlone }),
      ])
    case .objects, .aggregatedDiscovery: return response(items, metadata)
    }
  }

  /// A list of objects.
  func response(_ items: [ObjectNode], _ metadata: ObjectNode) -> HTTPResponse {
    let head: ObjectNode = [
      "kind": .text(resource.listKind),
      "apiVersion": .text(resource.apiVersion(target.version)),
      "metadata": metadata,
    ]
    var json = head.canonicalJSON
    json.removeLast()
    json += Array(",\"items\":[".utf8)
    for (index, item) in items.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      var item = shown(item)
      if !definition.saysKindsInLists {
        item["kind"] = nil
        item["apiVersion"] = nil
      }
      item.writeCanonicalJSON(to: &json)
    }
    json += Array("]}\n".utf8)
    return HTTPResponse(json: json)
  }

  /// An object as it is shown in the version of the request.
  func shown(_ tree: ObjectNode) -> ObjectNode {
    let version = resource.apiVersion(target.version)
    var shown = tree
    if !definition.hasGeneration { shown["metadata", "generation"] = nil }
    guard shown["apiVersion"]?.string != version else { return shown }
    if let conversion = definition.conversion { return conversion(shown, version) }
    shown["apiVersion"] = .text(version)
    return shown
  }
}
