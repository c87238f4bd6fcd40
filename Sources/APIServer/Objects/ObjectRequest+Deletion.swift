import HTTPService
import Objects
import Store

extension ObjectRequest {
  func delete() async throws(StatusError) -> HTTPResponse {
    let options = try DeleteOptions(of: http, query)
    try checkNamespaceMayGo()
    let object: StoredObject
    do {
      let request = deletion(of: key, options)
      object = try await options.isDryRun ? store.rehearse(request) : store.write(request)
    } catch {
      throw StatusError(error)
    }
    // One with finalizers is there still, and the client waits until it is not.
    if object.isBeingDeleted, !object.finalizers.isEmpty {
      return HTTPResponse(shown(object.tree))
    }
    return HTTPResponse([
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
      "details": [
        "name": .text(key.name), "group": .text(resource.id.group),
        "kind": .text(resource.id.resource), "uid": .text(object.uid),
      ],
    ])
  }

  func deleteCollection() async throws(StatusError) -> HTTPResponse {
    let options = try DeleteOptions(of: http, query)
    let selection = try ObjectSelection(definition, target, query)
    let list = await store.list(selection.resource, namespace: selection.namespace) {
      selection.matches($0)
    }
    var items: [ObjectNode] = []
    for (key, _) in list.items {
      do throws(StoreError) {
        let request = deletion(of: key, options)
        items.append(
          try await (options.isDryRun ? store.rehearse(request) : store.write(request)).tree)
      } catch .notFound {
        // Somebody else was quicker, or it went with its owner.
        continue
      } catch {
        throw StatusError(error)
      }
    }
    return response(
      items, ["resourceVersion": .text(String(await store.status.revision))])
  }

  /// The namespaces that a lab begins with stay (kubernetes, plugin/pkg/admission/namespace/lifecycle).
  private func checkNamespaceMayGo() throws(StatusError) {
    guard resource.id == GroupResource("namespaces"), APIServer.namespaces.contains(key.name)
    else { return }
    throw StatusError(
      403, "Forbidden",
      "namespaces \"\(key.name)\" is forbidden: this namespace may not be deleted")
  }

  private func deletion(of key: ObjectKey, _ options: DeleteOptions) -> WriteRequest {
    .delete(
      key, options.propagation, options.preconditions, finalizer: definition.deletionFinalizer)
  }
}

/// How objects are to go (apimachinery, meta/v1, DeleteOptions): what the object says, and where it says
/// nothing the query.
package struct DeleteOptions: Sendable {
  /// What becomes of the objects that it owns; `nil` is what the kind does.
  package let propagation: DeletionPropagation?
  /// What the object must be for it to go.
  package let preconditions: Preconditions
  /// Whether nothing is to be written.
  package let isDryRun: Bool

  /// Reads the object DeleteOptions, which may be an empty mapping.
  ///
  /// - Throws: ``StatusError``.
  package init(_ object: ObjectNode, _ query: RequestQuery) throws(StatusError) {
    let text = object["propagationPolicy"]?.string ?? query["propagationPolicy"]
    if let text {
      guard let known = DeletionPropagation(rawValue: text) else {
        throw StatusError(
          422, "Invalid",
          "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: "
            + "\"\(text)\": supported values: \"Background\", \"Foreground\", \"Orphan\"")
      }
      propagation = known
    } else {
      // What old clients say instead.
      propagation = object["orphanDependents"]?.boolean.map { $0 ? .orphan : .background }
    }
    preconditions = Preconditions(
      uid: object["preconditions", "uid"]?.string,
      resourceVersion: object["preconditions", "resourceVersion"]?.string)
    isDryRun = try query.isDryRun(or: object)
  }

  init(of request: HTTPRequest, _ query: RequestQuery) throws(StatusError) {
    try self.init(request.body.isEmpty ? [:] : try request.object(), query)
  }
}
