import Objects

/// The objects that a list or a watch is about.
package struct WatchScope: Sendable, Equatable {
  /// The kind; `nil` is every kind.
  package var resource: GroupResource?
  /// The namespace; `nil` is all.
  package var namespace: String?

  /// A kind in one namespace or all; without arguments everything.
  package init(_ resource: GroupResource? = nil, namespace: String? = nil) {
    self.resource = resource
    self.namespace = namespace
  }

  /// Whether an object with the key is meant.
  package func contains(_ key: ObjectKey) -> Bool {
    (resource == nil || resource == key.resource)
      && (namespace == nil || namespace == key.namespace)
  }
}
