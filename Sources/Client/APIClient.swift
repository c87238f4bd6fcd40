import Objects

/// A client of a lab's API on its unix socket, a connection for each request.
package struct APIClient: Sendable {
  /// An object as the API has it after a write.
  package struct Written: Sendable, Equatable {
    /// The object.
    package var object: ObjectNode
    /// What the API says beside.
    package var warnings: [String]
  }

  /// Objects, and the revision at which they were so.
  package struct List: Sendable, Equatable {
    /// The revision, from which a watch misses nothing.
    package var resourceVersion: String
    /// The objects.
    package var items: [ObjectNode]
  }

  /// What becomes of a write with fields that the API does not know.
  package enum FieldValidation: String, Sendable {
    /// It is refused.
    case strict = "Strict"
    /// It is taken without them, with warnings.
    case warn = "Warn"
    /// It is taken without them.
    case ignore = "Ignore"
  }

  /// The socket's path.
  package let socketPath: String
  /// The kinds that the client knows.
  package var resources: APIResources
  /// How long a request may take.
  package var timeLimit: Duration
  /// For how long a request waits for a server that is being started again: it refuses connections.
  package var restartPatience: Duration = .zero

  /// A client of the lab that listens at a path.
  package init(
    socketPath: String, resources: APIResources = .builtIn, timeLimit: Duration = .seconds(15)
  ) {
    self.socketPath = socketPath
    self.resources = resources
    self.timeLimit = timeLimit
  }

  /// The object with a key.
  ///
  /// - Throws: ``APIClientError``; ``APIClientError/isNotFound`` when there is none.
  package func get(_ key: ObjectKey) async throws(APIClientError) -> ObjectNode {
    try await send("GET", try path(of: key)).tree()
  }

  /// The objects of a kind.
  ///
  /// - Parameter namespace: empty is all of them.
  /// - Throws: ``APIClientError``.
  package func list(
    _ resource: GroupResource, namespace: String = "", labels: String = "", fields: String = ""
  ) async throws(APIClientError) -> List {
    let path = try known(resource).path(namespace: namespace)
    let query = Query(("labelSelector", labels), ("fieldSelector", fields))
    let tree = try await send("GET", path + query.text).tree()
    guard let version = tree["metadata", "resourceVersion"]?.string, let items = tree["items"]
    else {
      throw .notUnderstood("a list without items or resourceVersion")
    }
    // Of a list of core objects only the list says what they are.
    let known = resources[resource]
    let whole = items.items.map { item in
      guard let known, item["kind"] == nil else { return item }
      var item = item
      item["kind"] = .text(known.kind)
      item["apiVersion"] = .text(known.apiVersion(known.storageVersion))
      return item
    }
    return List(resourceVersion: version, items: whole)
  }

  /// Makes an object; its apiVersion, kind, name and namespace say where.
  ///
  /// - Throws: ``APIClientError``.
  @discardableResult
  package func create(
    _ object: ObjectNode, validation: FieldValidation = .warn, isDryRun: Bool = false
  ) async throws(APIClientError) -> Written {
    var key = try key(of: object)
    key.name = ""
    let query = Query(("fieldValidation", validation.rawValue), ("dryRun", isDryRun ? "All" : ""))
    let path = try path(of: key, version: version(of: object))
    return try await send("POST", path + query.text, "application/json", object).written()
  }

  /// Replaces an object. With metadata.resourceVersion only that version.
  ///
  /// - Throws: ``APIClientError``.
  @discardableResult
  package func update(
    _ object: ObjectNode, validation: FieldValidation = .warn
  ) async throws(APIClientError) -> Written {
    let query = Query(("fieldValidation", validation.rawValue))
    let path = try path(of: try key(of: object), version: version(of: object))
    return try await send("PUT", path + query.text, "application/json", object).written()
  }

  /// Replaces an object's status, and nothing else where the kind has the subresource `status`; else
  /// the whole object.
  ///
  /// - Throws: ``APIClientError``.
  @discardableResult
  package func updateStatus(_ object: ObjectNode) async throws(APIClientError) -> Written {
    let key = try key(of: object)
    var path = try path(of: key, version: version(of: object))
    if try known(key.resource).hasStatus { path += "/status" }
    return try await send("PUT", path, "application/json", object).written()
  }

  /// Changes an object by a merge patch (RFC 7386).
  ///
  /// - Parameter subresource: `status`, or empty for the object.
  /// - Throws: ``APIClientError``.
  @discardableResult
  package func patch(
    _ key: ObjectKey, merging patch: ObjectNode, subresource: String = ""
  ) async throws(APIClientError) -> Written {
    var path = try path(of: key)
    if !subresource.isEmpty { path += "/\(subresource)" }
    return try await send("PATCH", path, "application/merge-patch+json", patch).written()
  }

  /// Deletes an object, or marks it if it has finalizers.
  ///
  /// - Parameters:
  ///   - propagation: `Background`, `Foreground` or `Orphan`; `nil` is what the object says.
  ///   - uid: the object's own uid; `nil` is whichever has the key.
  /// - Throws: ``APIClientError``.
  package func delete(
    _ key: ObjectKey, propagation: String? = nil, uid: String? = nil
  ) async throws(APIClientError) {
    var options: ObjectNode = ["kind": "DeleteOptions", "apiVersion": "v1"]
    if let propagation { options["propagationPolicy"] = .text(propagation) }
    if let uid { options["preconditions"] = ["uid": .text(uid)] }
    _ = try await send("DELETE", try path(of: key), "application/json", options)
  }

  /// Asks a subresource for something.
  ///
  /// - Parameters:
  ///   - key: the object; its group may be that of the subresources (subresources.kubevirt.io).
  ///   - version: the version in the path; that of the kind by default.
  /// - Returns: the answer's body.
  /// - Throws: ``APIClientError``.
  package func call(
    _ key: ObjectKey, _ subresource: String, method: String = "PUT", version: String? = nil,
    body: ObjectNode? = nil, timeLimit: Duration? = nil
  ) async throws(APIClientError) -> [UInt8] {
    let resource = resources[key.resource] ?? APIResource(key.resource, kind: "")
    let path = resource.path(
      namespace: key.namespace.percentEncoded, name: key.name.percentEncoded, version: version)
    return try await send(
      method, "\(path)/\(subresource)", body == nil ? nil : "application/json", body,
      within: timeLimit
    ).body
  }

  /// Whether the lab answers.
  ///
  /// - Throws: ``APIClientError``.
  package func checkHealth() async throws(APIClientError) { _ = try await send("GET", "/healthz") }
}
