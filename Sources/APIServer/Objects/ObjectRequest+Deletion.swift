import HTTPService
import Objects
import Store

extension ObjectRequest {
  func delete() async throws(StatusError) -> HTTPResponse {
    let options = try DeleteOptions(of: http, query)
    let object: StoredObject
    if !options.isDryRun { try await addDeletionFinalizer(to: key, options.preconditions) }
    do {
      let request = WriteRequest.delete(key, options.propagation, options.preconditions)
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
      if !options.isDryRun { try await addDeletionFinalizer(to: key, options.preconditions) }
      do throws(StoreError) {
        let request = WriteRequest.delete(key, options.propagation, options.preconditions)
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

  /// Has an object stay until what follows from its end is done.
  private func addDeletionFinalizer(
    to key: ObjectKey, _ preconditions: Preconditions
  ) async throws(StatusError) {
    guard let finalizer = definition.deletionFinalizer else { return }
    for attempt in 1...Self.attempts {
      guard let stored = await store.get(key), !stored.isBeingDeleted,
        preconditions == Preconditions() || stored.tree.meets(preconditions)
      else { return }
      var tree = stored.tree
      let finalizers = tree["metadata", "finalizers"]?.items ?? []
      guard !finalizers.contains(.text(finalizer)) else { return }
      tree["metadata", "finalizers"] = .sequence(finalizers + [.text(finalizer)])
      do throws(StoreError) {
        try await store.update(key, tree, status: .apart)
        return
      } catch {
        guard case .conflict = error, attempt < Self.attempts else { throw StatusError(error) }
      }
    }
  }
}

extension ObjectNode {
  /// Whether an object is the one that a deletion is about.
  fileprivate func meets(_ wanted: Preconditions) -> Bool {
    wanted.uid ?? self["metadata", "uid"]?.string == self["metadata", "uid"]?.string
      && wanted.resourceVersion ?? self["metadata", "resourceVersion"]?.string
        == self["metadata", "resourceVersion"]?.string
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
