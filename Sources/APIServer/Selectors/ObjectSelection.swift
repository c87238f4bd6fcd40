import Objects
import Store

/// The objects of a kind that a list, a watch or a deletion is about.
struct ObjectSelection: Sendable {
  let resource: GroupResource
  /// `nil` is all namespaces.
  let namespace: String?
  private let labels: LabelSelector
  private let fields: FieldSelector

  init(
    _ definition: ResourceDefinition, _ target: RequestTarget, _ query: RequestQuery
  ) throws(StatusError) {
    resource = definition.stored
    namespace = target.namespace.isEmpty ? nil : target.namespace
    labels = try LabelSelector(query["labelSelector"] ?? "")
    var fields = query["fieldSelector"] ?? ""
    // A watch on one object's path is one of the collection for its name.
    if !target.name.isEmpty {
      fields += (fields.isEmpty ? "" : ",") + "metadata.name=\(target.name)"
    }
    self.fields = try FieldSelector(fields, among: definition.selectableFields)
  }

  func matches(_ object: StoredObject) -> Bool {
    labels.matches(object.tree) && fields.matches(object.tree)
  }
}
