import Objects

/// Writes. One that has begun is finished, whether its task is cancelled or not.
extension Store {
  /// Makes an object. Name and namespace are the key's; uid, creationTimestamp, generation and
  /// resourceVersion the store's.
  ///
  /// - Throws: ``StoreError``.
  @discardableResult
  package func create(
    _ key: ObjectKey, _ tree: ObjectNode, status: StatusWrites = .apart
  ) async throws(StoreError) -> StoredObject {
    try await write(.create(key, tree, status: status))
  }

  /// Replaces an object; with resourceVersion or uid in the tree only that version or that object.
  /// A change of nothing leaves the resourceVersion as it was.
  ///
  /// - Returns: the object as it is now; if it was to go and this took its last finalizer, as it
  ///   was.
  /// - Throws: ``StoreError``.
  @discardableResult
  package func update(
    _ key: ObjectKey, _ tree: ObjectNode, status: StatusWrites = .apart
  ) async throws(StoreError) -> StoredObject {
    try await write(.update(key, tree, status: status))
  }

  /// Replaces an object's status by the tree's, and nothing else; with resourceVersion or uid in
  /// the tree only of that version or that object.
  ///
  /// - Throws: ``StoreError``.
  @discardableResult
  package func updateStatus(
    _ key: ObjectKey, _ tree: ObjectNode
  ) async throws(StoreError) -> StoredObject {
    try await write(.updateStatus(key, tree))
  }

  /// Deletes an object, or marks it if it has finalizers.
  ///
  /// - Parameter propagation: `nil` is what the object's finalizers say, else background.
  /// - Returns: the object as it is now, or was.
  /// - Throws: ``StoreError``.
  @discardableResult
  package func delete(
    _ key: ObjectKey, propagation: DeletionPropagation? = nil,
    preconditions: Preconditions = Preconditions()
  ) async throws(StoreError) -> StoredObject {
    try await write(.delete(key, propagation, preconditions))
  }

  /// What a write would leave, nothing being written.
  ///
  /// - Throws: ``StoreError``.
  package func rehearse(_ request: WriteRequest) throws(StoreError) -> StoredObject {
    guard let object = try staged.rehearse(request, at: moment, within: limits) else {
      throw .notFound(request.key)
    }
    return object
  }

  /// Carries a write out, and what follows from it for the objects that its own goes with.
  ///
  /// - Throws: ``StoreError``.
  package func write(_ request: WriteRequest) async throws(StoreError) -> StoredObject {
    let outcome = stage(request)
    // A refusal too waits until what it was judged by may be seen: whoever reads the object again
    // after a conflict finds the version that it conflicts with.
    try await commit()
    return try outcome.get()
  }

  private func stage(_ request: WriteRequest) -> Result<StoredObject, StoreError> {
    do {
      var records: [UInt8] = []
      let changes = try staged.perform(request, at: moment, within: limits, log: &records)
      guard let own = changes.first else {
        guard let object = staged[request.key] else { return .failure(.notFound(request.key)) }
        return .success(object)
      }
      enqueue(changes, records)
      return .success(own.object)
    } catch {
      return .failure(error)
    }
  }
}
