import Objects
import Reconciliation
import Store

extension ObjectTable: Snapshot {
  /// The object with a key; `nil` when there is none.
  package func object(_ key: ObjectKey) -> ObjectNode? { self[key]?.tree }

  /// The objects of a kind, of one namespace or all, in the order of their keys.
  package func objects(
    of resource: GroupResource, namespace: String?
  ) -> [(key: ObjectKey, object: ObjectNode)] {
    let found: [(key: ObjectKey, object: StoredObject)] = objects(
      of: resource, namespace: namespace)
    return found.map { (key: $0.key, object: $0.object.tree) }
  }

  /// The objects of all kinds in a namespace, in the order of their keys.
  package func objects(
    inNamespace namespace: String
  ) -> [(key: ObjectKey, object: ObjectNode)] {
    resources.flatMap { objects(of: $0, namespace: namespace) }
  }
}
