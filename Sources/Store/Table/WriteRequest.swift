import Objects

/// A write that is asked for.
package enum WriteRequest: Sendable {
  /// An object is made.
  case create(ObjectKey, ObjectNode, status: StatusWrites)
  /// An object is replaced.
  case update(ObjectKey, ObjectNode, status: StatusWrites)
  /// An object's status is replaced by that of the tree, and who has set its fields
  /// (`metadata.managedFields`) where that is said; nothing else.
  case updateStatus(ObjectKey, ObjectNode, managedFields: ObjectNode? = nil)
  /// An object is to go; with a finalizer it gets that first, if it is not to go already.
  case delete(ObjectKey, DeletionPropagation?, Preconditions, finalizer: String? = nil)

  /// The object's key.
  package var key: ObjectKey {
    switch self {
    case .create(let key, _, _), .update(let key, _, _), .updateStatus(let key, _, _),
      .delete(let key, _, _, _):
      key
    }
  }

  /// The tree that the client sent.
  var tree: ObjectNode? {
    switch self {
    case .create(_, let tree, _), .update(_, let tree, _), .updateStatus(_, let tree, _): tree
    case .delete: nil
    }
  }

  /// The same with a tree that has no places and reasons, and sorted keys.
  var canonical: WriteRequest {
    switch self {
    case .create(let key, let tree, let status): .create(key, tree.canonical, status: status)
    case .update(let key, let tree, let status): .update(key, tree.canonical, status: status)
    case .updateStatus(let key, let tree, let fields):
      .updateStatus(key, tree.canonical, managedFields: fields?.canonical)
    case .delete: self
    }
  }
}

/// Which writes change an object's status.
package enum StatusWrites: Sendable {
  /// `updateStatus` alone, as for a kind with the subresource `status`: `create` drops the status
  /// of all but Nodes, `update` keeps what it was.
  case apart
  /// All: status is a field like others, and its changes count in the generation.
  case together
}

/// What becomes of the objects that the deleted one owns.
package enum DeletionPropagation: String, Sendable, CaseIterable {
  /// They go after it.
  case background = "Background"
  /// They go before it; it waits for those with `blockOwnerDeletion`.
  case foreground = "Foreground"
  /// They stay, without their references to it.
  case orphan = "Orphan"
}

/// What must be true of an object for it to be deleted.
package struct Preconditions: Sendable, Equatable {
  /// Its UID; `nil` is any.
  package var uid: String?
  /// Its resourceVersion, as the client sent it; `nil` is any.
  package var resourceVersion: String?

  /// Preconditions; without arguments none.
  package init(uid: String? = nil, resourceVersion: String? = nil) {
    self.uid = uid
    self.resourceVersion = resourceVersion
  }

  /// What an object that is written says of the version that it was made from.
  init(of tree: ObjectNode) {
    func text(_ name: String) -> String? {
      tree["metadata", name]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
    self.init(uid: text("uid"), resourceVersion: text("resourceVersion"))
  }

  /// The first difference to an object.
  ///
  /// - Throws: ``StoreError/conflict(_:_:)``.
  func check(_ tree: ObjectNode, key: ObjectKey) throws(StoreError) {
    if let uid, uid != tree.uid {
      throw .conflict(
        key,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(tree.uid)). "
          + "The object might have been deleted and then recreated")
    }
    let version = tree["metadata", "resourceVersion"]?.string ?? ""
    if let resourceVersion, resourceVersion != version {
      throw .conflict(
        key,
        "the ResourceVersion in the precondition (\(resourceVersion)) does not match the "
          + "ResourceVersion in record (\(version)). The object might have been modified")
    }
  }
}
