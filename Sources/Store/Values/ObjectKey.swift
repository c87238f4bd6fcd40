/// What identifies an object at a time: of all objects with a key, one exists, and has a UID.
package struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The kind.
  package let resource: GroupResource
  /// The namespace; `nil` for an object of the whole cluster.
  package let namespace: String?
  /// The name, unique for the kind in the namespace.
  package let name: String

  /// The key of an object.
  package init(_ resource: GroupResource, namespace: String? = nil, name: String) {
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }

  /// `virtualmachines.kubevirt.io default/vm1`, or without a namespace `nodes node01`.
  package var description: String {
    namespace.map { "\(resource) \($0)/\(name)" } ?? "\(resource) \(name)"
  }

  /// By kind, namespace and name; objects of the whole cluster first.
  package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    if left.resource != right.resource { return left.resource < right.resource }
    return (left.namespace ?? "", left.name) < (right.namespace ?? "", right.name)
  }
}
