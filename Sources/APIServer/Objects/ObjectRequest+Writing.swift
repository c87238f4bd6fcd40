import HTTPService
import Objects
import Scheduling
import Store

/// What of an object a request writes.
enum WrittenPart {
  case object
  case status
}

extension ObjectRequest {
  /// Attempts at a name that nobody has, and at a patch that nobody comes between.
  static let attempts = 8

  func create() async throws(StatusError) -> HTTPResponse {
    try await create(
      try checked(try http.object(), against: nil), try FieldValidation(query),
      try query.isDryRun)
  }

  func create(
    _ object: ObjectNode, _ validation: FieldValidation, _ isDryRun: Bool
  ) async throws(StatusError) -> HTTPResponse {
    let isCounted = await store.objectCount(of: resource.id, in: target.namespace) != nil
    guard let turns = definition.turns ?? (isCounted ? definition.countingTurns : nil) else {
      return try await make(object, validation, isDryRun)
    }
    // Two who are judged at once would both find the room that there is for one.
    await turns.begin(in: target.namespace)
    let answer: Result<HTTPResponse, StatusError>
    do throws(StatusError) {
      answer = .success(try await make(object, validation, isDryRun))
    } catch {
      answer = .failure(error)
    }
    await turns.end(in: target.namespace)
    return try answer.get()
  }

  private func make(
    _ object: ObjectNode, _ validation: FieldValidation, _ isDryRun: Bool
  ) async throws(StatusError) -> HTTPResponse {
    var object = object
    let isApplied = object["metadata", "managedFields"] != nil
    guard !definition.isTerminating else { throw Self.definitionGoes }
    try await checkNamespace()
    let prefix = object["metadata", "generateName"]?.string ?? ""
    let isNamed = object["metadata", "name"]?.string.map { !$0.isEmpty } ?? false
    for attempt in 1...Self.attempts {
      if !isNamed { object["metadata", "name"] = .text(ObjectNames.generated(prefix)) }
      var key = key
      key.name = object["metadata", "name"]?.string ?? ""
      let admitted = try await admit(object, key, previous: nil, validation)
      try await checkQuotas(key)
      var made = admitted.object
      if !isApplied {
        made["metadata", "managedFields"] = managedFields(of: admitted, over: nil, .object)
      }
      do {
        let request = WriteRequest.create(key, made, status: createdStatus)
        let stored = try await isDryRun ? store.rehearse(request) : store.write(request)
        // The definition may have gone since the request came: then nobody looks for its objects any more.
        guard isDryRun || definitions.takesObjects(of: definition) else {
          try await withdraw(stored, key)
          throw Self.definitionGoes
        }
        // So may its namespace; one that is still there, and about to go, takes the object along.
        guard await hasNamespace || isDryRun else {
          try await withdraw(stored, key)
          throw StatusError.notFound(namespaceKey)
        }
        var tree = stored.tree
        // What is not there has no version.
        if isDryRun { tree["metadata", "resourceVersion"] = nil }
        return HTTPResponse(
          shown(tree), status: 201,
          warnings: validation.warnings(of: admitted) + Self.warnings(of: made, over: nil))
      } catch let error as StoreError {
        if case .alreadyExists = error, !isNamed, attempt < Self.attempts { continue }
        throw StatusError(error)
      } catch let error as StatusError {
        throw error
      } catch {
        throw StatusError(500, "InternalError", "\(error)")
      }
    }
    throw StatusError(500, "InternalError", "no name was found for \(prefix)")
  }

  private static let definitionGoes = StatusError(
    405, "MethodNotAllowed",
    "create not allowed while custom resource definition is terminating")

  private func withdraw(_ object: StoredObject, _ key: ObjectKey) async throws(StoreError) {
    do throws(StoreError) {
      try await store.delete(key, preconditions: Preconditions(uid: object.uid))
    } catch .notFound, .conflict {
      return
    }
  }

  func update(_ part: WrittenPart) async throws(StatusError) -> HTTPResponse {
    let validation = try FieldValidation(query)
    let isDryRun = try query.isDryRun
    guard let current = await store.get(key)?.tree else { throw .notFound(key) }
    let object = try checked(try http.object(), against: current)
    let version = object["metadata", "resourceVersion"]?.string ?? ""
    guard definition.updatesUnconditionally || !version.isEmpty else {
      throw .invalid(
        "\(key.name)", kind: resource.id.resource, group: resource.id.group,
        [
          StatusError.Cause(
            field: "metadata.resourceVersion",
            message: "Invalid value: 0: must be specified for an "
              + "update")
        ])
    }
    do {
      return try await write(object, over: current, part, validation, isDryRun)
    } catch {
      throw error.status
    }
  }

  func patch(_ part: WrittenPart) async throws(StatusError) -> HTTPResponse {
    if MediaType(http) == .applyPatch { return try await apply(part) }
    let validation = try FieldValidation(query)
    let isDryRun = try query.isDryRun
    let patch = try Patch(http, isCustom: !definition.isTyped)
    for attempt in 1...Self.attempts {
      guard let current = await store.get(key)?.tree else { throw .notFound(key) }
      let patched = try patch.apply(to: shown(current))
      let object = try checked(patched, against: current)
      // A patch that names no version is made from the one that it was applied to.
      let isOwnVersion =
        object["metadata", "resourceVersion"] == current["metadata", "resourceVersion"]
      do {
        return try await write(object, over: current, part, validation, isDryRun)
      } catch {
        guard case .store(.conflict) = error, isOwnVersion, attempt < Self.attempts else {
          throw error.status
        }
      }
    }
    throw StatusError(StoreError.modified(key))
  }

  /// Why a write is not done: it may be worth another try only when the store says so.
  enum WriteFailure: Error {
    case store(StoreError)
    case refused(StatusError)

    var status: StatusError {
      switch self {
      case .store(let error): StatusError(error)
      case .refused(let error): error
      }
    }
  }

  /// Writes an object over the one that is there.
  ///
  /// - Parameter noting: whether who set its fields is still to be noted.
  func write(
    _ object: ObjectNode, over current: ObjectNode, _ part: WrittenPart,
    _ validation: FieldValidation, _ isDryRun: Bool, noting: Bool = true
  ) async throws(WriteFailure) -> HTTPResponse {
    let request: WriteRequest
    var warnings: [String] = []
    switch part {
    case .status:
      do {
        let admitted = try await admitStatus(object, previous: current, validation)
        let fields =
          noting
          ? managedFields(of: admitted, over: current, part) : object["metadata", "managedFields"]
        request = .updateStatus(key, admitted.object, managedFields: fields)
        warnings = validation.warnings(of: admitted)
      } catch {
        throw .refused(error)
      }
    case .object:
      do {
        let admitted = try await admit(object, key, previous: current, validation)
        var written = admitted.object
        if noting {
          written["metadata", "managedFields"] = managedFields(of: admitted, over: current, part)
        }
        request = .update(key, written, status: statusWrites)
        warnings =
          validation.warnings(of: admitted) + Self.warnings(of: written, over: current)
      } catch {
        throw .refused(error)
      }
    }
    do {
      let stored = try await isDryRun ? store.rehearse(request) : store.write(request)
      var tree = stored.tree
      // The store gives an object that its last finalizer kept as it was.
      if part == .object, stored.isBeingDeleted {
        tree["metadata", "finalizers"] = object["metadata", "finalizers"]
      }
      return HTTPResponse(shown(tree), warnings: warnings)
    } catch {
      throw .store(error)
    }
  }

  /// What an API server warns of in metadata (apiserver, pkg/registry/rest, WarnOnCreate): finalizers that
  /// may be another's too.
  private static func warnings(of object: ObjectNode, over current: ObjectNode?) -> [String] {
    let known = current?["metadata", "finalizers"]?.items ?? []
    let standard: Set<String> = ["foregroundDeletion", "kubernetes", "orphan"]
    return (object["metadata", "finalizers"]?.items ?? []).compactMap { finalizer in
      guard let name = finalizer.string, !name.contains("/"), !standard.contains(name),
        !known.contains(finalizer)
      else { return nil }
      return "metadata.finalizers: \"\(name)\": prefer a domain-qualified finalizer name to avoid "
        + "accidental conflicts with other finalizer writers"
    }
  }

  private func admit(
    _ object: ObjectNode, _ key: ObjectKey, previous: ObjectNode?, _ validation: FieldValidation
  ) async throws(StatusError) -> AdmittedObject {
    try await definition.admission(
      AdmissionRequest(
        key: key, object: object, previous: previous, kind: resource.kind, version: target.version,
        validation: validation))
  }

  private func admitStatus(
    _ object: ObjectNode, previous: ObjectNode, _ validation: FieldValidation
  ) async throws(StatusError) -> AdmittedObject {
    guard let admission = definition.statusAdmission else { return AdmittedObject(object) }
    return try await admission(
      AdmissionRequest(
        key: key, object: object, previous: previous, kind: resource.kind, version: target.version,
        validation: validation))
  }

  /// A kind may say itself what the status of a new object is.
  private var createdStatus: StatusWrites {
    definition.makesStatus ? .together : statusWrites
  }

  /// The quotas of an object's namespace may limit how many of its kind there are.
  private func checkQuotas(_ key: ObjectKey) async throws(StatusError) {
    guard let limit = await store.objectCount(of: resource.id, in: target.namespace) else { return }
    let count = await store.list(definition.stored, namespace: target.namespace).items.count
    do throws(Refusal) {
      try limit.admit(key.name, beside: count)
    } catch {
      throw StatusError(
        403, "Forbidden", error.message,
        StatusError.Details(
          name: key.name, group: resource.id.group, kind: resource.id.resource))
    }
  }

  private var namespaceKey: ObjectKey {
    ObjectKey(GroupResource("namespaces"), namespace: "", name: target.namespace)
  }

  /// Whether the object's namespace is there; of the whole cluster's nothing is asked.
  private var hasNamespace: Bool {
    get async {
      guard resource.isNamespaced else { return true }
      return await store.get(namespaceKey) != nil
    }
  }

  /// The namespace of an object to be made must be there, and stay.
  private func checkNamespace() async throws(StatusError) {
    guard resource.isNamespaced else { return }
    guard let namespace = await store.get(namespaceKey) else { throw .notFound(namespaceKey) }
    guard !namespace.isBeingDeleted else {
      throw StatusError(
        403, "Forbidden",
        "\(resource.id) is forbidden: unable to create new content in namespace "
          + "\(target.namespace) because it is being terminated")
    }
  }
}
