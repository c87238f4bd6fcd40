import Objects

/// What a request makes of an object: the rules of the Kubernetes API for metadata that hold for
/// every kind (apiserver's registry/rest).
extension ObjectTable {
  /// The change that a request makes; `nil` when it changes nothing.
  ///
  /// - Throws: ``StoreError`` when the request is refused.
  package func mutation(
    for request: WriteRequest, at moment: WriteMoment
  ) throws(StoreError) -> Mutation? {
    let key = request.key
    if case .create(_, let tree, let status) = request {
      guard self[key] == nil else { throw .alreadyExists(key) }
      return .put(key, try made(key, tree, status, moment))
    }
    guard let current = self[key]?.tree else { throw .notFound(key) }
    switch request {
    case .create: return nil
    case .update(_, let tree, let status):
      return try replacement(of: current, key, by: tree, status)
    case .updateStatus(_, let tree, let managedFields):
      try check(tree, isMadeFrom: current, key)
      var changed = current
      changed["status"] = tree["status"].map { status in
        current["status"].map(status.sharing) ?? status
      }
      if let managedFields { changed["metadata", "managedFields"] = managedFields }
      return changed == current ? nil : .put(key, changed)
    case .delete(_, let propagation, let preconditions, let finalizer):
      try preconditions.check(current, key: key)
      return Finalization.deletion(
        of: key, current, propagation, adding: finalizer, at: moment.timestamp)
    }
  }

  /// The kinds of which all may be set when an object is made, the status too (Kubernetes,
  /// registry/core/node/strategy.go, PrepareForCreate).
  private static let keepingStatus: Set<GroupResource> = [GroupResource("nodes")]

  private func made(
    _ key: ObjectKey, _ tree: ObjectNode, _ status: StatusWrites, _ moment: WriteMoment
  ) throws(StoreError) -> ObjectNode {
    var tree = try named(tree, key)
    if let version = tree["metadata", "resourceVersion"]?.string, !version.isEmpty {
      throw invalid(
        key, tree, "metadata.resourceVersion",
        "Invalid value: \"\(version)\": must not be set on an object that is made")
    }
    if status == .apart, !Self.keepingStatus.contains(key.resource) { tree["status"] = nil }
    for name in ["deletionTimestamp", "deletionGracePeriodSeconds"] { tree["metadata", name] = nil }
    tree["metadata", "uid"] = .text(moment.uid(key))
    tree["metadata", "creationTimestamp"] = .text(moment.timestamp)
    tree["metadata", "generation"] = 1
    return tree
  }

  /// The name and namespace of the key are the object's.
  private func named(_ tree: ObjectNode, _ key: ObjectKey) throws(StoreError) -> ObjectNode {
    guard tree.isMapping else {
      throw invalid(key, tree, "<nil>", "Invalid value: an object must be a mapping")
    }
    var tree = tree
    tree["metadata", "name"] = .text(key.name)
    tree["metadata", "namespace"] = key.namespace.isEmpty ? nil : .text(key.namespace)
    return tree
  }

  private func replacement(
    of current: ObjectNode, _ key: ObjectKey, by tree: ObjectNode, _ status: StatusWrites
  ) throws(StoreError) -> Mutation? {
    try check(tree, isMadeFrom: current, key)
    var tree = try named(tree, key)
    // These are the store's, whatever the client sends.
    for name in [
      "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generation",
    ] {
      tree["metadata", name] = current["metadata", name]
    }
    if status == .apart { tree["status"] = current["status"] }
    guard tree != current else { return nil }
    if let refusal = Finalization.refusal(of: tree, after: current) {
      throw invalid(key, tree, "metadata.finalizers", refusal)
    }
    if tree.wanted(status) != current.wanted(status) { tree.countGeneration() }
    if Finalization.isOver(tree) { return .remove(key) }
    return .put(key, tree.sharing(with: current))
  }

  /// Optimistic concurrency: a version that the tree names must be the newest.
  private func check(
    _ tree: ObjectNode, isMadeFrom current: ObjectNode, _ key: ObjectKey
  ) throws(StoreError) {
    var expected = Preconditions(of: tree)
    if let version = expected.resourceVersion,
      version != current["metadata", "resourceVersion"]?.string
    {
      throw .modified(key)
    }
    expected.resourceVersion = nil
    try expected.check(current, key: key)
  }

  private func invalid(
    _ key: ObjectKey, _ tree: ObjectNode, _ field: String, _ reason: String
  ) -> StoreError {
    .invalid(
      key, kind: tree["kind"]?.string ?? key.resource.resource, field: field, reason: reason)
  }
}

extension ObjectNode {
  /// What the generation counts changes of.
  fileprivate func wanted(_ status: StatusWrites) -> ObjectNode {
    var wanted = self
    wanted["metadata"] = nil
    if status == .apart { wanted["status"] = nil }
    return wanted
  }

  /// One more in metadata.generation.
  mutating func countGeneration() {
    self["metadata", "generation"] = .integer((self["metadata", "generation"]?.integer ?? 0) &+ 1)
  }
}
