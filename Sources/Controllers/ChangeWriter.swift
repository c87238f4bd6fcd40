import Objects
import Reconciliation
import Store

/// Carries out what a decision wants, change by change, and stops at the first that is refused.
package struct ChangeWriter: Sendable {
  private let store: Store
  private let statusWrites: @Sendable (GroupResource) -> StatusWrites

  /// A writer to a store.
  ///
  /// - Parameter statusWrites: by which writes the status of a kind changes. KubeVirt's instances have
  ///   no subresource `status`.
  package init(
    store: Store,
    statusWrites: @escaping @Sendable (GroupResource) -> StatusWrites = {
      $0 == .virtualMachineInstances ? .together : .apart
    }
  ) {
    self.store = store
    self.statusWrites = statusWrites
  }

  /// Carries changes out in their order.
  ///
  /// - Throws: ``StoreError``. A conflict means that the objects are not what was decided on.
  package func write(_ changes: [Reconciliation.Change], at now: Timestamp) async throws(StoreError)
  {
    // Versions that these changes have made, by those that the decision has seen.
    var versions: [ObjectKey: (seen: String, now: String)] = [:]
    for change in changes {
      switch change {
      case .create(let key, let tree): try await store.create(key, tree, status: .together)
      case .update(let key, let tree):
        let (tree, seen) = current(tree, versions[key])
        let written = try await store.update(key, tree, status: statusWrites(key.resource))
        note(written, key, seen, in: &versions)
      case .updateStatus(let key, let tree):
        let (tree, seen) = current(tree, versions[key])
        let written = try await store.updateStatus(key, tree)
        note(written, key, seen, in: &versions)
      case .delete(let key, let uid): try await delete(key, uid: uid, &versions)
      case .event(let event): try await tell(event, at: now)
      }
    }
  }

  /// The tree with the version that the changes before it have made.
  private func current(
    _ tree: ObjectNode, _ version: (seen: String, now: String)?
  ) -> (tree: ObjectNode, seen: String) {
    let seen = tree["metadata", "resourceVersion"]?.string ?? ""
    guard let version, version.seen == seen else { return (tree, seen) }
    var tree = tree
    tree["metadata", "resourceVersion"] = .text(version.now)
    return (tree, seen)
  }

  private func note(
    _ written: StoredObject, _ key: ObjectKey, _ seen: String,
    in versions: inout [ObjectKey: (seen: String, now: String)]
  ) {
    versions[key] = (seen, String(written.resourceVersion))
  }

  private func delete(
    _ key: ObjectKey, uid: String, _ versions: inout [ObjectKey: (seen: String, now: String)]
  ) async throws(StoreError) {
    do throws(StoreError) {
      try await store.delete(key, preconditions: Preconditions(uid: uid))
    } catch .notFound {
      // What was to be.
    }
  }

  /// An event is told beside the matter: one that was counted by somebody else meanwhile is told
  /// once more, and no decision is taken anew because of it.
  private func tell(_ event: Event, at now: Timestamp) async throws(StoreError) {
    for attempt in 0..<3 {
      let snapshot = await store.snapshot
      // What went with its namespace leaves no events: nobody would ever delete them with it.
      let namespace = ObjectKey(
        GroupResource("namespaces"), namespace: "", name: event.key.namespace)
      guard snapshot.object(namespace) != nil else { return }
      do throws(StoreError) {
        switch event.change(in: snapshot, at: now) {
        case .create(let key, let tree): try await store.create(key, tree, status: .together)
        case .update(let key, let tree): try await store.update(key, tree, status: .together)
        case .updateStatus, .delete, .event: break
        }
        return
      } catch {
        guard attempt < 2, error.isRace else { throw error }
      }
    }
  }
}

extension StoreError {
  /// Whether a write was refused because another came before it.
  package var isRace: Bool {
    switch self {
    case .conflict, .alreadyExists, .notFound: true
    default: false
    }
  }
}
