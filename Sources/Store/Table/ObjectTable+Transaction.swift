import Objects

extension ObjectTable {
  /// Carries out a request and all that follows from it: the garbage collection.
  ///
  /// - Parameter log: what the write-ahead file must hold is appended here.
  /// - Returns: the changes, the request's own first; none when it changes nothing.
  /// - Throws: ``StoreError`` when the request is refused; then nothing has changed.
  mutating func perform(
    _ request: WriteRequest, at moment: WriteMoment, within limits: StoreLimits,
    log: inout [UInt8]
  ) throws(StoreError) -> [Change] {
    let request = try taken(request, within: limits)
    guard let mutation = try mutation(for: request, at: moment) else { return [] }
    let (change, json) = change(of: mutation)
    try check(change, within: limits)
    var changes = [change]
    carryOut(change, json, log: &log)
    var concerned = GarbageCollection.concerned(by: change, in: self)[...]
    while let key = concerned.popFirst() {
      guard
        let mutation = GarbageCollection.mutation(of: key, in: self, at: moment.timestamp)
      else { continue }
      let (change, json) = self.change(of: mutation)
      carryOut(change, json, log: &log)
      changes.append(change)
      concerned += GarbageCollection.concerned(by: change, in: self)
    }
    return changes
  }

  /// The object as a request would leave it, nothing being changed.
  ///
  /// - Throws: ``StoreError`` when the request is refused.
  func rehearse(
    _ request: WriteRequest, at moment: WriteMoment, within limits: StoreLimits
  ) throws(StoreError) -> StoredObject? {
    let request = try taken(request, within: limits)
    guard let mutation = try mutation(for: request, at: moment) else { return self[request.key] }
    let change = change(of: mutation).change
    try check(change, within: limits)
    return change.object
  }

  private mutating func carryOut(_ change: Change, _ json: [UInt8], log: inout [UInt8]) {
    if !log.isEmpty { log.append(UInt8(ascii: ",")) }
    LogRecord.write(change, json, to: &log)
    apply(change)
  }

  /// A mutation at the next revision, and the object as JSON.
  private func change(of mutation: Mutation) -> (change: Change, json: [UInt8]) {
    let previous = self[mutation.key]
    var tree: ObjectNode
    var isRemoval = false
    switch mutation {
    case .put(_, let put): tree = put
    case .remove:
      tree = previous?.tree ?? .mapping()
      isRemoval = true
    }
    tree["metadata", "resourceVersion"] = .text(String(revision + 1))
    let json = tree.canonicalJSON
    let change = Change(
      revision: revision + 1, key: mutation.key, object: StoredObject(tree, size: json.count),
      previous: previous, isRemoval: isRemoval)
    return (change, json)
  }

  /// The request with its tree as the store keeps it. Before anything else is done with a tree: what
  /// nests too deeply must not be walked through.
  private func taken(
    _ request: WriteRequest, within limits: StoreLimits
  ) throws(StoreError) -> WriteRequest {
    guard let tree = request.tree, tree.depth > limits.depth else { return request.canonical }
    throw .invalid(
      request.key, kind: tree["kind"]?.string ?? request.key.resource.resource, field: "<nil>",
      reason: "Invalid value: more than \(limits.depth) levels of lists and mappings")
  }

  private func check(_ change: Change, within limits: StoreLimits) throws(StoreError) {
    guard !change.isRemoval else { return }
    let key = change.key
    let size = change.object.size
    if size > limits.objectBytes {
      throw .tooLarge(key, bytes: size, limit: limits.objectBytes)
    }
    let growth = size - (change.previous?.size ?? 0)
    if growth > 0, bytes + growth > limits.totalBytes {
      throw .full(key, limit: limits.totalBytes)
    }
  }
}
